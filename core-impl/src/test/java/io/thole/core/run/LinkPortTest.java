package io.thole.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.BindAddress;
import io.thole.api.ClusterException;
import io.thole.api.NodeId;
import io.thole.api.StartupMode;
import io.thole.core.Links;
import io.thole.core.link.LinkSender;
import io.thole.spi.Channel;
import io.thole.spi.Channel.Sending;
import io.thole.spi.ChannelHandler;
import io.thole.spi.Encodable;
import io.thole.spi.Introduction;
import io.thole.spi.Peer;
import io.thole.spi.Transport;
import io.thole.spi.TransportHandler;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinkPortTest {
  /** A line for each of thousands who make no sense took most of the time. Held, or the setting is forgotten. */
  private static final Logger LOG = Logger.getLogger(LinkPort.class.getName());

  private static final NodeId A = new NodeId(new Authority("127.0.0.1", 1), 11);
  private static final NodeId B = new NodeId(new Authority("127.0.0.1", 2), 22);
  private static final NodeId C = new NodeId(new Authority("127.0.0.1", 3), 33);

  private final BrokenWire wire = new BrokenWire(new Random(1), A, B);
  private final Node a = new Node(B, wire.first());
  private final Node b = new Node(A, wire.second());

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void deliversOnceAndInOrderHoweverOftenTheConnectionBreaks(long seed) { // L1, O2
    Random random = new Random(seed);
    BrokenWire broken = new BrokenWire(random, A, B);
    Node left = new Node(B, broken.first());
    Node right = new Node(A, broken.second());
    Channel to = left.open("x");
    Channel back = right.open("x");
    List<String> sentThere = new ArrayList<>();
    List<String> sentBack = new ArrayList<>();

    for (int step = 0; step < 3_000; step++) {
      switch (random.nextInt(12)) {
        case 0 -> broken.cut();
        case 1, 2 -> broken.connect();
        case 3, 4, 5 -> send(to, B, "a" + sentThere.size(), sentThere, random);
        case 6 -> send(back, A, "b" + sentBack.size(), sentBack, random);
        case 7 -> {
          left.loop.advance(30_000_000);
          right.loop.advance(30_000_000);
        }
        default -> broken.deliverSome();
      }
    }
    broken.connect();
    broken.deliverAll();

    assertEquals(sentThere, right.shortened(), "seed " + seed);
    assertEquals(sentBack, left.shortened(), "seed " + seed);
    assertEquals(List.of("begun"), left.sessions, "seed " + seed);
    assertEquals(List.of("begun"), right.sessions, "seed " + seed);
  }

  @BeforeAll
  static void sayNothing() {
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void sayAll() {
    LOG.setLevel(null);
  }

  @Test
  void tellsWhoIsThereAndWhatItHosts() { // C3
    a.port.describe(StartupMode.MEMBER, List.of("echo", "topic"));
    wire.connect();
    wire.deliverAll();
    b.loop.run();
    a.port.describe(StartupMode.CLIENT, List.of());
    wire.deliverAll();
    b.loop.run();

    assertEquals(
        List.of(
            "up " + new Peer(A, StartupMode.MEMBER, List.of("echo", "topic")),
            "up " + new Peer(A, StartupMode.CLIENT, List.of())),
        b.told);
  }

  private Channel session() {
    Channel channel = a.open("x");
    b.open("x");
    wire.connect();
    wire.deliverAll();
    return channel;
  }

  @Test // L3
  void itemsThatWaitTravelTogetherAndThoseThatDoNotAlone() {
    Channel channel = session();
    Encodable head = text("<");
    Encodable other = text("[");

    channel.append(B, head, text("a")); // goes out at once
    channel.append(B, head, text("b")); // begins anew, and waits
    channel.append(B, head, text("c"));
    channel.append(B, other, text("d"));
    channel.append(B, head, text("e"));
    channel.send(B, text("f"));
    channel.append(B, head, text("g"));
    wire.deliverAll();

    assertEquals(List.of("<a", "<bc", "[d", "<e", "f", "<g"), b.got);
  }

  @Test // L3
  void whatIsGatheredGoesOutTogetherWhenTheTransportsThreadComes() {
    Channel channel = session();
    wire.canDrainSoon(true);
    channel.gather(B, text("a"));
    channel.gather(B, text("b"));
    channel.gather(B, text("c"));
    assertEquals(0, wire.framesUnderWay());
    assertEquals(1, wire.timesAsked());

    wire.drainAll();
    assertEquals(1, wire.framesUnderWay());
    wire.deliverAll();
    assertEquals(List.of("a", "b", "c"), b.got);
  }

  @Test // L3
  void whatIsGatheredGoesOutAtOnceWithWhatIsSentOrWhereNoThreadCanBeAskedFor() {
    Channel channel = session();
    wire.canDrainSoon(true);
    channel.gather(B, text("a"));
    channel.send(B, text("b"));
    assertEquals(1, wire.framesUnderWay());
    wire.deliverAll();
    wire.canDrainSoon(false);
    channel.gather(B, text("c"));
    assertEquals(1, wire.framesUnderWay());

    wire.deliverAll();
    assertEquals(List.of("a", "b", "c"), b.got);
  }

  @Test // L1
  void whatIsGatheredSurvivesTheLossOfItsConnectionAndAsksTheNextOneAnew() {
    Channel channel = session();
    wire.canDrainSoon(true);
    channel.gather(B, text("a"));
    wire.cut(); // with the thread that was asked for
    wire.connect();
    wire.deliverAll();
    channel.gather(B, text("b"));
    assertEquals(1, wire.timesAsked());

    wire.drainAll();
    wire.deliverAll();
    assertEquals(List.of("a", "b"), b.got);
  }

  @Test // L3
  void whatIsHeldGoesOutWithTheNextAnswerOrSoonByItself() {
    Channel channel = session();
    channel.hold(B, text("a"));
    channel.hold(B, text("b"));
    assertEquals(0, wire.framesUnderWay());
    channel.reply(B, text("c"));
    wire.deliverAll();
    assertEquals(List.of("a", "b", "c"), b.got);

    long tickNanos = TimeUnit.MILLISECONDS.toNanos(Channel.HOLD_MILLIS);
    a.loop.run();
    a.loop.advance(tickNanos); // of what arrived before
    wire.deliverAll();
    channel.hold(B, text("d"));
    a.loop.run();
    a.loop.advance(tickNanos - 1);
    assertEquals(0, wire.framesUnderWay());
    a.loop.advance(1);
    wire.deliverAll();
    assertEquals(List.of("a", "b", "c", "d"), b.got);
  }

  @Test // L1: a run that grew is sent again as it was
  void aRunSurvivesTheLossOfItsConnection() {
    Channel channel = session();
    Encodable head = text("<");
    channel.append(B, head, text("a"));
    channel.append(B, head, text("b"));
    channel.append(B, head, text("c"));
    wire.cut();
    channel.append(B, head, text("d"));

    wire.connect();
    wire.deliverAll();

    assertEquals("a,b,c,d", String.join("", b.got).replace("<", "").replaceAll("(?<=.)(?=.)", ","));
  }

  @Test // delivery.md 5
  void aRunIsAsLongAsAFrameOfSeveralMessagesAtMost() {
    Channel channel = session();
    Encodable head = text("<");
    String item = "x".repeat(1_000);
    for (int i = 0; i < 200; i++) {
      assertEquals(Sending.SENT, channel.append(B, head, text(item)));
    }
    wire.deliverAll();

    assertEquals(200_000, b.got.stream().mapToInt(run -> run.length() - 1).sum());
    assertTrue(b.got.stream().allMatch(run -> run.length() < 64 << 10));
    assertTrue(b.got.size() < 10, () -> b.got.size() + " messages");
    assertThrows(
        IllegalArgumentException.class,
        () -> channel.append(B, head, text("x".repeat(Transport.MESSAGE_LIMIT))));
  }

  @Test
  void hasASessionWhereBothSidesHaveTheChannelOpen() {
    wire.connect();
    wire.deliverAll();
    Channel channel = a.open("x");
    wire.deliverAll();
    assertEquals(Sending.NO_SESSION, channel.send(B, text("too early")));

    Channel other = b.open("x");
    wire.deliverAll();
    assertEquals(Sending.SENT, channel.send(B, text("hello")));
    wire.deliverAll();
    other.close();
    wire.deliverAll();
    assertEquals(Sending.NO_SESSION, channel.send(B, text("too late")));
    b.open("x");
    wire.deliverAll();

    assertEquals(List.of("begun", "ended", "begun"), a.sessions);
    assertEquals(List.of("begun", "begun"), b.sessions);
    assertEquals(List.of("hello"), b.got);
  }

  @Test
  void dropsWhatIsUnderWayToAChannelThatCloses() {
    Channel channel = a.open("x");
    Channel other = b.open("x");
    wire.connect();
    wire.deliverAll();

    channel.send(B, text("under way"));
    other.close();
    b.open("x");
    wire.deliverAll();

    assertEquals(List.of(), b.got);
  }

  @Test
  void turnsNewWorkAwayBeforeAnswers() { // P8
    Channel channel = a.open("x");
    b.open("x");
    wire.connect();
    wire.deliverAll();
    wire.cut();

    Encodable big = text("x".repeat(1 << 20));
    int sent = 0;
    while (channel.send(B, big) == Sending.SENT) {
      sent++;
    }
    int replied = 0;
    while (channel.reply(B, big) == Sending.SENT) {
      replied++;
    }

    assertEquals(7, sent, "of a megabyte each, with their headers, in " + LinkSender.SEND_LIMIT);
    assertEquals(8, replied);
    wire.connect();
    wire.deliverAll();
    assertEquals(15, b.got.size());
    assertEquals(Sending.SENT, channel.send(B, big));
  }

  @Test // P1, P3: refused at once, and nothing that was accepted is lost
  void saysSoWhereTheMemoryOfAllLinksIsUsedUp() {
    BrokenWire poor = new BrokenWire(new Random(1), A, B);
    Node sender = new Node(B, poor.first(), 1 << 20);
    Node reader = new Node(A, poor.second());
    Channel channel = sender.open("x");
    reader.open("x");
    poor.connect();
    poor.deliverAll();
    poor.cut();

    int sent = 0;
    while (channel.send(B, text("message " + sent + " of " + "x".repeat(10_000))) == Sending.SENT) {
      sent++;
    }
    int replied = 0;
    while (channel.reply(B, text("reply " + replied + " of " + "x".repeat(10_000)))
        == Sending.SENT) {
      replied++;
    }
    Channel other = sender.open("y"); // is said to the peer although no message is taken

    assertTrue(sent > 10 && sent < 25, sent + " of 10 KB in a fifth of a mebibyte");
    assertTrue(replied > 5, replied + " replies of 10 KB");
    assertTrue(sender.port.usedBytes() < 1 << 20);
    assertEquals(Sending.NO_CREDIT, channel.append(B, text("<"), text("x".repeat(20_000))));
    reader.open("y");
    poor.connect();
    poor.deliverAll();
    assertEquals(sent + replied, reader.got.size());
    for (int i = 0; i < sent; i++) {
      assertTrue(reader.got.get(i).startsWith("message " + i + " "), "message " + i);
    }
    assertEquals(Sending.SENT, other.send(B, text("hello")));
    assertEquals(Sending.SENT, channel.send(B, text("x".repeat(100_000))));
  }

  @Test // what a link keeps for its next stream goes back where another is short of it
  void takesBackWhatLinksDoNotUse() {
    BrokenWire toB = new BrokenWire(new Random(1), A, B);
    BrokenWire toC = new BrokenWire(new Random(1), A, C);
    Node sender = new Node(B, new Fork(toB.first(), toC.first()), 8 << 20);
    Node b = new Node(A, toB.second());
    Node c = new Node(A, toC.second());
    Channel channel = sender.open("x");
    b.open("x");
    c.open("x");
    toB.connect();
    toC.connect();
    toB.deliverAll();
    toC.deliverAll();
    for (int i = 0; i < 20; i++) {
      assertEquals(Sending.SENT, channel.send(B, text("x".repeat(60_000))));
    }
    toB.deliverAll();
    b.loop.advance(30_000_000); // it acknowledges
    toB.deliverAll();
    toC.cut();
    int sent = fill(channel, C);
    long used = sender.port.usedBytes();

    sender.loop.advance(20_000_000);
    assertTrue(fill(channel, C) >= 0); // still short
    sender.loop.advance(20_000_000);
    int more = fill(channel, C);

    assertTrue(sent > 30 && more > 10, sent + " messages of 10 KB before, " + more + " after");
    assertTrue(sender.port.usedBytes() < used + 10_000L * more - 500_000, "B has given nothing");
    toC.connect();
    toC.deliverAll();
    assertTrue(c.got.size() >= sent + more);
  }

  private static int fill(Channel channel, NodeId peer) {
    int sent = 0;
    while (channel.send(peer, text("x".repeat(10_000))) == Sending.SENT) {
      sent++;
    }
    return sent;
  }

  @Test
  void refusesWhatIsTooLong() {
    Channel channel = a.open("x");
    b.open("x");
    wire.connect();
    wire.deliverAll();

    assertEquals(Sending.SENT, channel.send(B, text("x".repeat(Transport.MESSAGE_LIMIT))));
    assertThrows(
        IllegalArgumentException.class,
        () -> channel.send(B, text("x".repeat(Transport.MESSAGE_LIMIT + 1))));
    wire.deliverAll();
    assertEquals(Transport.MESSAGE_LIMIT, b.got.get(0).length());
  }

  @Test
  void losesNothingWhenAMessageCannotBeEncoded() {
    Channel channel = a.open("x");
    b.open("x");
    wire.connect();
    wire.deliverAll();
    Encodable broken = new Encodable() {
      @Override
      public int encodedBytes() {
        return 10;
      }

      @Override
      public void encode(ByteBuffer target) {
        throw new IllegalStateException("broken");
      }
    };

    channel.send(B, text("one"));
    assertThrows(IllegalStateException.class, () -> channel.send(B, broken));
    channel.send(B, text("two"));
    wire.deliverAll();

    assertEquals(List.of("one", "two"), b.got);
  }

  @Test
  void castsWhatIsNeitherKeptNorSentAgain() {
    Channel channel = a.open("x");
    b.open("x");
    wire.connect();
    wire.deliverAll();

    assertEquals(Sending.SENT, channel.cast(B, text("under way")));
    wire.cut();
    assertEquals(Sending.NO_CREDIT, channel.cast(B, text("no connection")));
    wire.connect();
    assertEquals(Sending.NO_CREDIT, channel.cast(B, text("no session yet on this connection")));
    channel.send(B, text("kept"));
    wire.deliverAll();
    assertEquals(Sending.SENT, channel.cast(B, text("again")));
    wire.deliverAll();

    assertEquals(List.of("kept", "again"), b.got);
    assertEquals(List.of("begun"), b.sessions);
  }

  @Test
  void castsPastWhatWaitsForAnAcknowledgement() {
    Channel channel = a.open("x");
    b.open("x");
    wire.connect();
    wire.deliverAll();

    channel.send(B, text("first"));
    channel.send(B, text("waits while the transport is busy"));
    assertEquals(Sending.SENT, channel.cast(B, text("cast")));
    wire.deliverAll();

    assertEquals(List.of("first", "cast", "waits while the transport is busy"), b.got);
  }

  @Test
  void castsWithinASessionAlone() {
    Channel channel = a.open("x");
    wire.connect();
    wire.deliverAll();
    assertEquals(Sending.NO_SESSION, channel.cast(B, text("too early")));
    Channel other = b.open("x");
    wire.deliverAll();

    channel.cast(B, text("under way"));
    other.close();
    b.open("y");
    wire.deliverAll();

    assertEquals(Sending.NO_SESSION, channel.cast(B, text("too late")));
    assertEquals(List.of(), b.got);
  }

  @Test
  void castsNothingThatIsLong() {
    Channel channel = a.open("x");
    b.open("x");
    wire.connect();
    wire.deliverAll();

    assertEquals(Sending.SENT, channel.cast(B, text("x".repeat(Channel.CAST_LIMIT))));
    assertThrows(
        IllegalArgumentException.class,
        () -> channel.cast(B, text("x".repeat(Channel.CAST_LIMIT + 1))));
    wire.deliverAll();
    assertEquals(Channel.CAST_LIMIT, b.got.get(0).length());
  }

  @Test
  void knowsWhenMessagesCameAndDoesNotCountWhatWasCast() {
    Channel channel = a.open("x");
    b.open("x");
    wire.connect();
    wire.deliverAll();
    b.loop.advance(1_000_000_000L);
    channel.cast(B, text("cast"));
    wire.deliverAll();
    assertEquals(OptionalLong.of(b.loop.nowNanos() - 1_000_000_000L), b.port.heardNanos(A));

    channel.send(B, text("sent"));
    wire.deliverAll();

    assertEquals(OptionalLong.of(b.loop.nowNanos()), b.port.heardNanos(A));
    assertEquals(OptionalLong.empty(), b.port.heardNanos(B));
  }

  @Test
  void endsItsSessionsWhenItIsOver() { // P7
    Channel channel = a.open("x");
    b.open("x");
    wire.connect();
    wire.deliverAll();

    a.port.end(B);
    assertEquals(Sending.NO_SESSION, channel.send(B, text("late")));
    wire.connect();
    wire.deliverAll();
    channel.send(B, text("anew"));
    wire.deliverAll();

    assertEquals(List.of("begun", "ended", "begun"), a.sessions);
    assertEquals(List.of("begun", "ended", "begun"), b.sessions);
    assertEquals(List.of("anew"), b.got);
  }

  @Test
  void saysThatItLeavesAfterAllElse() { // E5, G3
    Channel channel = a.open("x");
    b.open("x");
    wire.connect();
    wire.deliverAll();

    channel.send(B, text("the last word"));
    a.port.leave();
    wire.deliverAll();
    b.loop.run();

    assertEquals(List.of("the last word"), b.got);
    assertEquals(A + " leaves", b.told.get(b.told.size() - 1));
  }

  @Test
  void turnsAwayWhoIsRefusedAndSaysWhy() { // H3
    a.port.admit(peer -> Optional.of("blocked by operator: noisy"));
    wire.connect();
    wire.deliverAll();
    a.loop.run();
    b.loop.run();

    assertEquals(
        List.of("turned away " + B + ": blocked by operator: noisy"),
        a.told.stream().filter(line -> !line.startsWith("lost")).toList());
  }

  @Test
  void closesTheConnectionOfOneWhoMakesNoSense() { // P1
    a.open("x");
    b.open("x");
    wire.connect();
    wire.deliverAll();
    Random random = new Random(7);

    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(60)];
      random.nextBytes(bytes);
      if (bytes.length > 0) {
        bytes[0] = (byte) (1 + random.nextInt(5));
      }
      b.port.onFrames(A, List.of(ByteBuffer.wrap(bytes)));
      wire.connect();
      wire.deliverAll();
    }

    assertTrue(b.got.isEmpty());
    wire.connect();
    wire.deliverAll();
    assertEquals("begun", b.sessions.get(b.sessions.size() - 1));
  }

  @Test
  void keepsNothingOfWhoComesAndSaysNothing() { // P1
    a.open("x");
    for (int incarnation = 1; incarnation <= 10_000; incarnation++) {
      NodeId stranger = new NodeId(B.authority(), incarnation);
      a.port.onUp(stranger);
      a.port.onLost(stranger, false, "gone again");
    }
    a.loop.advance(5_000_000_000L);

    assertEquals(0, a.port.size());
    assertEquals(0, a.port.usedBytes());
  }

  @Test
  void disconnectsWhoDoesNotSayWhatItIs() { // P1
    wire.connect();
    a.loop.advance(5_000_000_000L);

    assertEquals(0, a.port.size());
    assertTrue(wire.isCut());
  }

  @Test
  void namesAChannelOnce() {
    a.open("x");

    assertThrows(ClusterException.class, () -> a.open("x"));
    assertThrows(IllegalArgumentException.class, () -> a.open("No Name"));
  }

  private static void send(
      Channel channel, NodeId to, String message, List<String> sent, Random random) {
    String padded = message + " ".repeat(random.nextInt(5) == 0 ? random.nextInt(100_000) : 3);
    if (channel.send(to, text(padded)) == Sending.SENT) {
      sent.add(shortened(padded));
    }
  }

  private static String shortened(String message) {
    return message.strip() + " of " + message.length();
  }

  private static Encodable text(String text) {
    byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    return new Encodable() {
      @Override
      public int encodedBytes() {
        return bytes.length;
      }

      @Override
      public void encode(ByteBuffer target) {
        target.put(bytes);
      }
    };
  }

  /** A transport to two peers. */
  private record Fork(Transport toB, Transport toC) implements Transport {
    private Transport to(NodeId peer) {
      return peer.equals(B) ? toB : toC;
    }

    @Override
    public String name() {
      return "fork";
    }

    @Override
    public Authority bind(BindAddress bind, Introduction self, TransportHandler handler) {
      toC.bind(bind, self, handler);
      return toB.bind(bind, self, handler);
    }

    @Override
    public void dial(Authority peer) {}

    @Override
    public boolean send(NodeId peer, ByteBuffer frame) {
      return to(peer).send(peer, frame);
    }

    @Override
    public void disconnect(NodeId peer) {
      to(peer).disconnect(peer);
    }

    @Override
    public void unbind(boolean announced) {}
  }

  /** A port, and what it was told. */
  private static final class Node implements Links.Observer, ChannelHandler {
    final ManualNodeLoop loop = new ManualNodeLoop();
    final LinkPort port;
    final List<String> told = new ArrayList<>();
    final List<String> sessions = new ArrayList<>();
    final List<String> got = new ArrayList<>();

    Node(NodeId peer, Transport transport) {
      this(peer, transport, 64 << 20);
    }

    Node(NodeId peer, Transport transport, long linkBytes) {
      port = new LinkPort(loop, linkBytes);
      port.open(StartupMode.MEMBER, List.of(), this);
      port.attach(transport);
      transport.bind(
          new BindAddress("127.0.0.1", peer.authority().port()),
          new Introduction("test", peer.incarnation()),
          port.handler());
    }

    List<String> shortened() {
      return got.stream().map(LinkPortTest::shortened).toList();
    }

    Channel open(String name) {
      return port.channel(name, this);
    }

    @Override
    public void onUp(Peer peer) {
      told.add("up " + peer);
    }

    @Override
    public void onLost(NodeId peer, boolean announced, String reason) {
      told.add("lost " + peer);
    }

    @Override
    public void onRefused(Authority address, boolean nobodyListens, String reason) {
      told.add("refused " + address);
    }

    @Override
    public void onLeaving(NodeId peer) {
      told.add(peer + " leaves");
    }

    @Override
    public void onTurnedAway(NodeId peer, String reason) {
      told.add("turned away " + peer + ": " + reason);
    }

    @Override
    public void onExpelled(NodeId by, String reason) {
      told.add("expelled by " + by + ": " + reason);
    }

    @Override
    public void onMessages(NodeId from, List<ByteBuffer> messages) {
      for (ByteBuffer message : messages) {
        byte[] bytes = new byte[message.remaining()];
        message.get(bytes);
        got.add(new String(bytes, java.nio.charset.StandardCharsets.US_ASCII));
      }
    }

    @Override
    public void onBegun(NodeId peer) {
      sessions.add("begun");
    }

    @Override
    public void onEnded(NodeId peer) {
      sessions.add("ended");
    }
  }
}
