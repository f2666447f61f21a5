package io.thole.tcpprovider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent;
import io.thole.api.ClusterEvent.Expelled;
import io.thole.api.ClusterEvent.MemberSuspected;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterSettings;
import io.thole.api.NodeId;
import io.thole.core.Part;
import io.thole.core.run.LocalCluster;
import io.thole.gossip.GossipMessage;
import io.thole.gossip.Update;
import io.thole.gossip.run.GossipDriver;
import io.thole.spi.Channel;
import io.thole.spi.ClusterProvider;
import io.thole.spi.Encodable;
import io.thole.spi.PartContext;
import io.thole.testkit.fuzz.Samples;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Who attacks, and what must happen (delivery.md 7), from the attacker's side: plain sockets against a whole node, which has a healthy
 * member beside it. Each row ends with the two exchanging messages. What a transport alone has to withstand is in {@link
 * TcpStrangerIT}; {@code docs/testing.md} says where each row is.
 */
@Timeout(120)
class AttackTableIT {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final NodeId ATTACKER = new NodeId(new Authority("127.0.7.1", 1), 5);
  private static final NodeId PASSER = new NodeId(new Authority("127.0.7.2", 1), 6);
  private static final long LINK = 77;
  private static final int CHANNEL = 1; // the attacker's number of its first channel
  private static final int BATCH = 2;
  private static final byte LEAVING = 4;
  private static final String PROBE = "probe";

  private final Node victim = new Node(List.of());
  private @Nullable Node healthy;
  private int said;

  @BeforeEach
  void start() {
    victim.cluster.start().toCompletableFuture().join();
    Node other = new Node(List.of(victim.id().authority()));
    healthy = other;
    other.cluster.start().toCompletableFuture().join();
    assertServes();
  }

  @AfterEach
  void stop() {
    victim.cluster.shutdown(false).toCompletableFuture().join();
    healthy().cluster.shutdown(false).toCompletableFuture().join();
  }

  @Test
  void whoeverDripsIsClosedThoughItAlwaysSaysSomething() throws Exception {
    byte[] hello = new Hello("thole", ATTACKER).encoded();
    try (Stranger stranger = new Stranger(victim.id().authority())) {
      stranger.say(Stranger.header(FrameType.HELLO, hello.length));
      int dripped = 0;
      try {
        while (dripped < hello.length) { // 23 bytes, 4.6 s
          stranger.say(new byte[] {hello[dripped]});
          dripped++;
          LockSupport.parkNanos(200_000_000);
        }
      } catch (SocketException e) {
        assertTrue(dripped > 1, "it had 2 s");
      }

      assertTrue(dripped < hello.length, "the whole HELLO was taken, 4.6 s long");
      assertEquals(0, stranger.bytesUntilClosed());
    }
    assertServes();
  }

  @Test
  void framesOfALinkThatMakeNoSenseCloseThatConnectionAlone() throws Exception {
    byte[] closed = {3, 0, 9};
    Map<String, byte[]> senseless = new LinkedHashMap<>();
    senseless.put("nothing", new byte[0]);
    senseless.put("an unknown type", new byte[] {9});
    senseless.put("OPEN of another version", new byte[] {1, 9});
    senseless.put("half an OPEN", ByteBuffer.allocate(20).put(new byte[] {1, 1}).array());
    senseless.put(
        "OPEN of no link", ByteBuffer.allocate(26).put(new byte[] {1, 1}).array());
    senseless.put(
        "an ACK with a byte behind it", ByteBuffer.allocate(18).put((byte) 3).array());
    senseless.put("a gap in the sequence", batch(9, 1, 0, closed.length, closed));
    senseless.put(
        "a BATCH of another link",
        ByteBuffer.wrap(batch(3, 1, 0, 3, closed)).putLong(17, 5).array());
    senseless.put("a BATCH of none", batch(3, 0, 0, closed.length, closed));
    senseless.put("a negative count", batch(3, -1, 0, closed.length, closed));
    senseless.put(
        "more messages than there are", batch(3, Integer.MAX_VALUE, 0, closed.length, closed));
    senseless.put("a negative length", batch(3, 1, 0, -1, closed));
    senseless.put("a length beyond the end", batch(3, 1, 0, Integer.MAX_VALUE, closed));
    senseless.put("a length that overlaps", batch(3, 2, 0, 2, closed));
    senseless.put("bytes behind the last message", batch(3, 1, 0, 2, closed));
    senseless.put("an unknown message of the link", batch(3, 1, 0, 1, new byte[] {9}));
    senseless.put("a name that no channel has", batch(3, 1, 0, 4, new byte[] {2, 0, 2, 0x1b}));
    senseless.put("a channel opened twice", batch(3, 1, 0, 8, opened(7, PROBE)));
    senseless.put(
        "a kind with a line feed", batch(3, 1, 0, 7, new byte[] {1, 0, 0, 1, 0, 1, '\n'}));
    senseless.put("a cast to the link itself", new byte[] {5, 0, 0, 4});
    senseless.put(
        "a cast that is too long", ByteBuffer.allocate(3 + 16_385).put((byte) 5).array());

    for (Map.Entry<String, byte[]> row : senseless.entrySet()) {
      try (Stranger attacker = linked()) {
        attacker.frame(FrameType.DATA, row.getValue());

        attacker.bytesUntilClosed(); // or the test ends, with what it was that was taken
      } catch (IOException e) {
        throw new AssertionError("not closed: " + row.getKey(), e);
      }
    }

    assertServes();
  }

  /** Reads what the victim says until it has said its number of a channel. */
  private static int channel(Stranger attacker, String name) throws IOException {
    while (true) {
      ByteBuffer frame = attacker.read();
      if (frame.get() != BATCH) {
        continue;
      }
      int count = frame.position(33).getInt();
      for (int i = 0; i < count; i++) {
        int channel = frame.getShort();
        byte[] message = new byte[frame.getInt()];
        frame.get(message);
        String text = new String(message, StandardCharsets.US_ASCII);
        if (channel == 0 && message[0] == 2 && text.substring(3).equals(name)) {
          return ByteBuffer.wrap(message).getShort(1);
        }
      }
    }
  }

  @Test
  void aReplayOfCapturedFramesIsDeliveredOnce() throws Exception {
    int probe;
    byte[] captured;
    try (Stranger attacker = linked()) {
      probe = channel(attacker, PROBE);
      captured = batch(3, 1, probe, 6, "attack".getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < 100; i++) {
        attacker.frame(FrameType.DATA, captured);
      }
      await("it was delivered", () -> victim.heard("attack") > 0);
      assertServes();
    }
    try (Stranger again = linked()) { // the whole connection once more, from its first byte
      again.frame(FrameType.DATA, captured);
      again.frame(FrameType.DATA, batch(4, 1, probe, 3, "end".getBytes(StandardCharsets.US_ASCII)));
      await("it was read to its end", () -> victim.heard("end") > 0);
    }

    assertEquals(1, victim.heard("attack"));
    assertServes();
  }

  @Test
  void whoIsNoMemberExpelsNobody() throws Exception {
    try (Stranger attacker = peer(ATTACKER)) {
      attacker.frame(
          FrameType.DATA,
          joined(new byte[] {4}, "go \u001b[31m\r\n".getBytes(StandardCharsets.UTF_8)));
      assertServes();
    }

    assertEquals(0, victim.count(Expelled.class));
  }

  @Test
  void aMemberThatDeclaresOthersDeadOnItsOwnWordOnlyRaisesASuspicion() throws Exception {
    try (Stranger attacker = linked()) {
      int gossip = gossiping(attacker);
      List<Update> accused = new ArrayList<>();
      for (Update.Claim claim : List.of(Update.Claim.SUSPECT, Update.Claim.DEAD)) {
        for (NodeId node : List.of(victim.id(), healthy().id())) {
          accused.add(new Update(claim, node, 0, List.of(new Update.Accuser(ATTACKER, true))));
        }
      }
      attacker.frame(FrameType.DATA, rumours(4, gossip, accused));
      await("it was heard", () -> victim.suspects(healthy().id()));
      for (int i = 0; i < 50; i++) {
        assertServes();
      }
    }

    assertNeitherLeft();
  }

  @Test
  void aMemberThatSaysGoodbyeForAnotherKeepsItOutForAMomentOnly() throws Exception {
    try (Stranger attacker = linked()) {
      int gossip = gossiping(attacker);
      List<Update> forged = new ArrayList<>();
      for (int refutation : List.of(0, 1, 1_000)) {
        for (NodeId node : List.of(victim.id(), healthy().id())) {
          forged.add(new Update(Update.Claim.LEFT, node, refutation, List.of()));
        }
      }
      attacker.frame(FrameType.DATA, rumours(4, gossip, forged));

      assertRecovers();
    }
  }

  @Test
  void aMemberThatForgesAccusersKeepsAnotherOutForAMomentOnly() throws Exception {
    try (Stranger attacker = linked()) {
      int gossip = gossiping(attacker);
      List<Update.Accuser> accusers =
          List.of(new Update.Accuser(ATTACKER, true), new Update.Accuser(victim.id(), true));
      attacker.frame(
          FrameType.DATA,
          rumours(4, gossip, List.of(new Update(Update.Claim.DEAD, healthy().id(), 0, accusers))));

      assertRecovers();
    }
  }

  @Test
  void aMemberThatNamesALaterStartOfAnotherTakesNobodyOut() throws Exception {
    try (Stranger attacker = linked()) {
      int gossip = gossiping(attacker);
      List<Update> forged = new ArrayList<>();
      for (NodeId node : List.of(victim.id(), healthy().id())) {
        for (long incarnation : List.of(node.incarnation() + 1, Long.MAX_VALUE)) {
          NodeId later = new NodeId(node.authority(), incarnation);
          forged.add(new Update(Update.Claim.LEFT, later, 0, List.of()));
          forged.add(new Update(Update.Claim.DEAD, later, 0, accusers()));
          forged.add(new Update(Update.Claim.ALIVE, later, 0, List.of()));
        }
      }
      for (int i = 0; i < 20; i++) {
        attacker.frame(FrameType.DATA, rumours(4 + i, gossip, forged));
        assertServes();
      }
      somebodyComesAndGoes();
    }

    assertNeitherLeft();
  }

  @Test // without certificates anyone may introduce itself as anyone
  void whoIntroducesItselfAsAMemberThatIsConnectedIsNotKept() throws Exception {
    for (int later = 0; later <= 1; later++) {
      forge(victim.id().authority(), healthy().id(), later);
      forge(healthy().id().authority(), victim.id(), later);
    }
    somebodyComesAndGoes();

    assertServes();
    assertNeitherLeft();
  }

  @Test // D10, G5
  void whoIsStartedAnewIsInThoughTheEndOfItsConnectionWasNotNoticed() throws Exception {
    Authority address = freeAddress();
    NodeId before = new NodeId(address, 5);
    try (Stranger deaf = linked(before)) { // it holds its connection, and hears nothing any more
      await("it is a member", () -> isMember(before));

      Node again = new Node(List.of(victim.id().authority()), address.port());
      long beganNanos = System.nanoTime();
      again.cluster.start().toCompletableFuture().join();
      try {
        await("it is in", () -> isMember(again.id()));
        long millis = (System.nanoTime() - beganNanos) / 1_000_000;
        assertTrue(millis < 5_000, () -> "it came in after " + millis + " ms");
        await("it is in there", () -> healthy().cluster.view().members().contains(again.id()));
        deaf.bytesUntilClosed();
        assertEquals(address, again.id().authority());
        assertEquals(1, victim.lefts(address));
      } finally {
        again.cluster.shutdown(false).toCompletableFuture().join();
      }
    }
  }

  private static Authority freeAddress() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new Authority("127.0.0.1", socket.getLocalPort());
    }
  }

  private List<Update.Accuser> accusers() {
    return List.of(
        new Update.Accuser(ATTACKER, true),
        new Update.Accuser(victim.id(), true),
        new Update.Accuser(healthy().id(), true));
  }

  /** Introduces itself as somebody, or its next start, opens a link, and says goodbye for it; it is closed. */
  private static void forge(Authority at, NodeId id, int later) throws IOException {
    NodeId claimed = new NodeId(id.authority(), id.incarnation() + later);
    try (Stranger forger = new Stranger(at).hello("thole", claimed)) {
      try {
        forger.frame(FrameType.WELCOME, new byte[0]);
        open(forger);
        forger.frame(FrameType.DATA, batch(3, 1, 0, 1, new byte[] {LEAVING}));
      } catch (SocketException e) {
        return; // closed already
      }
      forger.bytesUntilClosed();
    }
  }

  /**
   * Waits until both see each other, and what one says reaches the other and back; what was said meanwhile may be lost. Before that
   * somebody comes and goes, so that whatever an attack has led to was published.
   */
  private void assertRecovers() throws IOException {
    somebodyComesAndGoes();
    await(
        "the victim sees it",
        () -> victim.cluster.view().members().contains(healthy().id()));
    await("it sees the victim", () -> healthy().cluster.view().members().contains(victim.id()));
    await("both are served again", () -> {
      healthy().send(victim.id(), "again " + ++said);
      return IntStream.rangeClosed(1, said).anyMatch(i -> victim.heard("again " + i) == 1);
    });
    assertServes();
  }

  private void somebodyComesAndGoes() throws IOException {
    try (Stranger passer = linked(PASSER)) {
      await("somebody comes", () -> isMember(PASSER));
      passer.frame(FrameType.DATA, batch(3, 1, 0, 1, new byte[] {LEAVING}));
      await("and goes", () -> !isMember(PASSER));
    }
  }

  /** Waits until the attacker is a member, opens its channel for gossip, and returns the victim's number of that. */
  private int gossiping(Stranger attacker) throws IOException {
    await("it is a member", () -> isMember(ATTACKER));
    int gossip = channel(attacker, "gossip");
    attacker.frame(FrameType.DATA, batch(3, 1, 0, 9, opened(2, "gossip")));
    return gossip;
  }

  private boolean isMember(NodeId node) {
    return victim.cluster.view().members().contains(node);
  }

  private static byte[] rumours(long sequence, int channel, List<Update> updates) {
    byte[] bytes = Samples.encoded(new GossipMessage(0, 1, new GossipMessage.Rumors(), updates));
    return batch(sequence, 1, channel, bytes.length, bytes);
  }

  private void assertNeitherLeft() {
    List<Authority> both = List.of(victim.id().authority(), healthy().id().authority());
    for (Node node : List.of(victim, healthy())) {
      assertEquals(
          List.of(),
          node.events.stream()
              .filter(TopologyUpdated.class::isInstance)
              .map(TopologyUpdated.class::cast)
              .filter(update -> update.left().stream().anyMatch(both::contains))
              .toList());
    }
  }

  private Node healthy() {
    return Objects.requireNonNull(healthy);
  }

  /** Sees a message of the healthy member arrive at the victim, and one of the victim there. */
  private void assertServes() {
    String text = "healthy " + ++said;
    await(text + " is sent", () -> healthy().send(victim.id(), text));
    await(text + " arrives", () -> victim.heard(text) == 1);
    await(text + " is answered", () -> victim.send(healthy().id(), text));
    await(text + " comes back", () -> healthy().heard(text) == 1);
  }

  private static void await(String what, BooleanSupplier condition) {
    long beganNanos = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertTrue(
          System.nanoTime() - beganNanos < PATIENCE_NANOS, () -> "it never happened: " + what);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private Stranger peer(NodeId self) throws IOException {
    return Stranger.peer(victim.id().authority(), self);
  }

  /** Is a peer that has opened its link, described itself as a member, and opened the channel of the probe. */
  private Stranger linked() throws IOException {
    return linked(ATTACKER);
  }

  private Stranger linked(NodeId self) throws IOException {
    Stranger attacker = peer(self);
    open(attacker);
    return attacker;
  }

  private static void open(Stranger attacker) throws IOException {
    attacker.frame(
        FrameType.DATA,
        ByteBuffer.allocate(26).put(new byte[] {1, 1}).putLong(LINK).array());
    attacker.frame(FrameType.DATA, batch(1, 1, 0, 4, new byte[] {1, 0, 0, 0}));
    attacker.frame(FrameType.DATA, batch(2, 1, 0, 8, opened(CHANNEL, PROBE)));
  }

  private static byte[] opened(int number, String name) {
    return ByteBuffer.allocate(3 + name.length())
        .put((byte) 2)
        .putShort((short) number)
        .put(name.getBytes(StandardCharsets.US_ASCII))
        .array();
  }

  /** Returns a BATCH with one message, that says what it likes of their number and its length. */
  private static byte[] batch(long sequence, int count, int channel, int length, byte[] message) {
    return ByteBuffer.allocate(43 + message.length)
        .put((byte) BATCH)
        .putLong(0)
        .putLong(0)
        .putLong(LINK)
        .putLong(sequence)
        .putInt(count)
        .putShort((short) channel)
        .putInt(length)
        .put(message)
        .array();
  }

  private static byte[] joined(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length)
        .put(first)
        .put(second)
        .array();
  }

  /** A whole node, with a channel of its own on which it writes down what comes. */
  private static final class Node implements ClusterProvider {
    private static final Part.Origin ORIGIN = new Part.Origin("test", 0, 0);

    final LocalCluster cluster;
    final Queue<ClusterEvent> events = new ConcurrentLinkedQueue<>();
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();
    private final TcpClusterProvider provider = new TcpClusterProvider(MembershipSettings.DEFAULTS);
    private volatile @Nullable Channel channel;

    Node(List<Authority> seeds) {
      this(seeds, 0);
    }

    Node(List<Authority> seeds, int port) {
      cluster = new LocalCluster(ClusterSettings.DEFAULTS
          .with("bind", "127.0.0.1:" + port)
          .with("startTimeoutMillis", 60_000L)
          .with("seeds", seeds));
      cluster.events().subscribe(ClusterEvent.class, events::add);
      cluster.add(Part.of(new TcpTransport(TcpSettings.DEFAULTS), ORIGIN));
      cluster.add(Part.of(new GossipDriver(), ORIGIN));
      cluster.add(Part.of((ClusterProvider) this, ORIGIN));
    }

    NodeId id() {
      return cluster.self();
    }

    boolean send(NodeId to, String text) {
      byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
      Encodable message = new Encodable() {
        @Override
        public int encodedBytes() {
          return bytes.length;
        }

        @Override
        public void encode(ByteBuffer target) {
          target.put(bytes);
        }
      };
      Channel open = channel;
      return open != null && open.send(to, message) == Channel.Sending.SENT;
    }

    long heard(String text) {
      return heard.stream().filter(text::equals).count();
    }

    boolean suspects(NodeId node) {
      return events.stream()
          .anyMatch(event ->
              event instanceof MemberSuspected suspected && suspected.member().equals(node));
    }

    long lefts(Authority address) {
      return events.stream()
          .filter(
              event -> event instanceof TopologyUpdated update && update.left().contains(address))
          .count();
    }

    long count(Class<?> type) {
      return events.stream().filter(type::isInstance).count();
    }

    @Override
    public String name() {
      return provider.name();
    }

    @Override
    public void startMember(PartContext context) {
      channel = context.open(
          PROBE,
          (from, messages) -> messages.forEach(
              message -> heard.add(StandardCharsets.US_ASCII.decode(message).toString())));
      provider.startMember(context);
    }

    @Override
    public void startClient(PartContext context) {
      provider.startClient(context);
    }

    @Override
    public void shutdown(boolean graceful) {
      provider.shutdown(graceful);
    }
  }
}
