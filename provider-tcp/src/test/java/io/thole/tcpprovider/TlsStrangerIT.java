package io.thole.tcpprovider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.BindAddress;
import io.thole.api.NodeId;
import io.thole.spi.Introduction;
import io.thole.spi.Transport;
import io.thole.tcpprovider.TestAuthority.Credentials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A port with TLS as an attacker meets it, and as one who is dialled by it. delivery.md 6, 7 */
@Timeout(60)
class TlsStrangerIT {
  private static final long PATIENCE_MILLIS = 5_000;
  private static final long LIMIT_MILLIS = 2_500; // delivery.md 7
  private static final NodeId MEMBER = node("127.0.0.2", 5);
  private static final String[] NAMES_OF_MEMBER = {"ip:127.0.0.2", "uri:thole://127.0.0.2/thole"};
  private static final TestAuthority AUTHORITY = new TestAuthority("authority");
  private static final Credentials OF_MEMBER = AUTHORITY.issue(NAMES_OF_MEMBER);

  @TempDir
  private Path folder;

  private final Told told = new Told();
  private final Log log = new Log();
  private TestFiles files;
  private TcpTransport transport = new TcpTransport(TcpSettings.DEFAULTS);

  @BeforeEach
  void issue() throws IOException {
    files = new TestFiles(folder)
        .write(AUTHORITY.issue("ip:127.0.0.1", "uri:thole://127.0.0.1/thole"), AUTHORITY);
    log.begin();
  }

  @AfterEach
  void unbind() {
    transport.unbind(false);
    log.end();
  }

  /** The first handshake of a machine that has just started loads a thousand classes, and these tests look at the time. */
  @BeforeAll
  static void warmUp(@TempDir Path once) throws Exception {
    TlsStrangerIT first = new TlsStrangerIT();
    first.folder = once;
    first.issue();
    first.assertServes(first.listen());
    first.unbind();
  }

  static Stream<Arguments> attackers() {
    TestAuthority other = new TestAuthority("authority"); // of the same name, with another key
    Duration day = Duration.ofDays(1);
    Credentials stolen =
        new Credentials(OF_MEMBER.chain(), AUTHORITY.issue(NAMES_OF_MEMBER).key());
    return Stream.of(
        Arguments.of(RefusalKind.NO_CERTIFICATE, TlsStranger.nobody()),
        Arguments.of(RefusalKind.OTHER_AUTHORITY, new TlsStranger(other.issue(NAMES_OF_MEMBER))),
        Arguments.of(
            RefusalKind.EXPIRED,
            new TlsStranger(AUTHORITY.issue(
                "EC", day.multipliedBy(-2), Duration.ofSeconds(-1), NAMES_OF_MEMBER))),
        Arguments.of(
            RefusalKind.EXPIRED,
            new TlsStranger(AUTHORITY.issue("EC", Duration.ofHours(1), day, NAMES_OF_MEMBER))),
        Arguments.of(RefusalKind.NO_IDENTITY, new TlsStranger(AUTHORITY.issue("ip:127.0.0.2"))),
        Arguments.of(RefusalKind.NO_IDENTITY, new TlsStranger(AUTHORITY.issue())),
        Arguments.of(
            RefusalKind.NO_IDENTITY,
            new TlsStranger(
                AUTHORITY.issue("uri:thole://127.0.0.2/thole/", "uri:http://127.0.0.2/thole"))),
        Arguments.of(
            RefusalKind.OTHER_CLUSTER,
            new TlsStranger(AUTHORITY.issue("uri:thole://127.0.0.2/harbour"))),
        Arguments.of(
            RefusalKind.NOT_ALLOWED,
            new TlsStranger(AUTHORITY.issue("uri:thole://127.0.0.3/thole"))),
        Arguments.of(
            RefusalKind.NOT_ALLOWED,
            new TlsStranger(AUTHORITY.issue("uri:thole://127.0.0.2:2/thole"))),
        Arguments.of(RefusalKind.TLS, new TlsStranger(stolen)));
  }

  @ParameterizedTest // delivery.md 7
  @MethodSource("attackers")
  void refusesWhoeverDoesNotProveToBeAMemberAndReadsNothing(
      RefusalKind refusal, TlsStranger attacker) throws Exception {
    Authority port = listen("allowed", "thole://127.0.0.2:1/thole");

    assertEquals(0, bytesOf(attacker, port, MEMBER));

    assertCounted(refusal);
    assertEquals(1, log.of("refused 127.0.0.1 port ").size(), log::toString);
    assertEquals(List.of(), told.rest());
    assertServes(port);
  }

  @Test // delivery.md 6
  void refusesEarlierVersionsOfTls() throws Exception {
    Authority port = listen();

    SSLException failure = null;
    try (Stranger stranger = new TlsStranger(OF_MEMBER).dial(port, "TLSv1.2")) {
      stranger.hello("thole", MEMBER);
    } catch (SSLException e) {
      failure = e;
    }

    assertTrue(failure != null, "TLS 1.2 was spoken");
    assertCounted(RefusalKind.TLS);
    assertServes(port);
  }

  @Test // delivery.md 6: never to a field in a message
  void refusesAMemberThatIntroducesItselfAsAnother() throws Exception {
    Credentials ofOnePort =
        AUTHORITY.issue("uri:thole://127.0.0.2:1/thole", "uri:thole://127.0.0.4/harbour");
    for (NodeId claimed :
        List.of(node("127.0.0.3", 5), node("127.0.0.1", 5), node("127.0.0.4", 5))) {
      Authority port = listen();

      assertEquals(0, bytesOf(new TlsStranger(ofOnePort), port, claimed));

      assertCounted(RefusalKind.OTHER_IDENTITY);
      transport.unbind(false);
    }
    Authority port = listen();
    assertEquals(
        0, bytesOf(new TlsStranger(ofOnePort), port, new NodeId(new Authority("127.0.0.2", 2), 5)));
    assertCounted(RefusalKind.OTHER_IDENTITY);
    assertEquals(List.of(), told.rest());
    assertEquals(
        List.of("127.0.0.2:2#5 is not whom its certificate names"),
        log.of("127.0.0.2:2").stream().map(line -> line.split(": ")[1]).toList());
  }

  @Test // delivery.md 5, 7
  void closesWhoIsSilentInTheHandshakeWithoutAByte() throws Exception {
    Authority port = listen("tlsMillis", 2_000);
    byte[] begun = HexFormat.of().parseHex("16030100c8010000c40303");

    for (byte[] bytes : List.of(new byte[0], begun)) {
      long beganNanos = System.nanoTime();
      assertEquals(0, closedAfter(port, bytes));
      long millis = millisSince(beganNanos);
      assertTrue(millis >= 1_900 && millis < LIMIT_MILLIS, millis + " ms");
    }
    assertCounted(RefusalKind.LATE, 2);
  }

  @Test // delivery.md 7
  void closesWhoDripsInTheHandshake() throws Exception {
    Authority port = listen("tlsMillis", 300);
    try (Stranger dripping = new Stranger(port)) {
      dripping.say(HexFormat.of().parseHex("1603014000"));

      assertTrue(dripping.isCutOff());

      assertCounted(RefusalKind.LATE);
    }
  }

  @Test // delivery.md 5: the hello has two seconds of its own
  void closesWhoProvesItselfAndSaysNothing() throws Exception {
    Authority port = listen("helloMillis", 300);
    try (Stranger silent = new TlsStranger(OF_MEMBER).dial(port)) {
      assertEquals(0, bytesUntilClosed(silent));
    }
    assertCounted(RefusalKind.LATE);
    assertEquals(
        1L,
        log.of("refused 127.0.0.1 port ").stream()
            .filter(line -> line.endsWith("no hello within 300 ms"))
            .count());
  }

  @Test // delivery.md 7
  void answersNoByteToPlainNodesHttpSshAndRandomBytes() throws Exception {
    Authority port = listen();
    long seed = 20_261_126;
    Random random = new Random(seed);
    List<byte[]> words = new ArrayList<>(List.of(
        new byte[] {0},
        new byte[] {21, 3, 3, 0, 2, 2, 40}, // an alert
        new byte[] {23, 3, 3, 0, 1, 0}, // data before a handshake
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
        "SSH-2.0-x\r\n".getBytes(StandardCharsets.US_ASCII),
        Stranger.header(FrameType.HELLO, 0)));
    for (int i = 0; i < 50; i++) {
      byte[] bytes = new byte[1 + random.nextInt(8_192)];
      random.nextBytes(bytes);
      bytes[0] = (byte) (23 + random.nextInt(254));
      words.add(bytes);
    }

    for (byte[] bytes : words) {
      assertEquals(0, closedAfter(port, bytes), "seed " + seed);
    }

    assertCounted(RefusalKind.NO_TLS, words.size());
    assertEquals(List.of(), told.rest());
    assertServes(port);
  }

  @Test // delivery.md 7
  void survivesRandomBytesBehindATlsHeader() throws Exception {
    Authority port = listen();
    long seed = 20_261_127;
    Random random = new Random(seed);
    for (int i = 0; i < 100; i++) {
      byte[] bytes = new byte[5 + random.nextInt(2_048)];
      random.nextBytes(bytes);
      ByteBuffer.wrap(bytes)
          .put((byte) 22)
          .put((byte) 3)
          .put((byte) (1 + i % 3))
          .putShort((short) Math.min(bytes.length - 5, i % 2 == 0 ? 16 : 4_096));
      try (Stranger stranger = new Stranger(port)) {
        stranger.say(bytes); // and gone: the beginning of something longer would be waited for
      } catch (SocketException e) {
        assertEquals(List.of(), told.rest(), "seed " + seed); // it was refused at once
      }
    }

    assertEquals(List.of(), told.rest(), "seed " + seed);
    assertServes(port);
  }

  @Test // delivery.md 7
  void answersNoByteToTlsWhereItSpeaksNone() throws Exception {
    transport = new TcpTransport(TcpSettings.DEFAULTS);
    Authority port = bind("127.0.0.1");
    try (Socket socket = new Socket(port.host(), port.port());
        Stranger stranger = new Stranger(socket)) {
      stranger.say(HexFormat.of().parseHex("16030100c8010000c40303"));

      assertEquals(0, stranger.bytesUntilClosed());
    }
    assertCounted(RefusalKind.PROTOCOL);
    assertEquals(1, log.of("speaks TLS, which this node does not").size(), log::toString);
  }

  @Test // delivery.md 6
  void listensBeyondTheLoopbackWithoutAWarning() throws Exception {
    transport = new TcpTransport(TcpSettings.of(files.settings()));
    Authority bound = transport.bind(
        new BindAddress("0.0.0.0", 0),
        new Introduction("thole", 1, Optional.of(new Authority("127.0.0.1", 26_050))),
        told);

    assertServes(new Authority("127.0.0.1", bound.port()));

    assertEquals(List.of(), log.of("without encryption"));
  }

  @Test // delivery.md 5: the first handshake of a process has two seconds as well
  void rehearsesAHandshakeBeforeItLetsAnyoneIn() throws Exception {
    listen("allowed", "thole://127.0.0.2/thole");
    assertEquals(List.of(), log.of("does not let itself in"));
    transport.unbind(false);

    files.write(
        AUTHORITY.issue("ip:127.0.0.1", "uri:thole://127.0.0.1/thole"), new TestAuthority("other"));
    listen();

    assertEquals(1, log.of("does not let itself in").size(), log::toString);
  }

  @Test // delivery.md 5
  void countsTlsHandshakesAmongTheConnectionsBeforeAWelcome() throws Exception {
    Authority port = listen("strangersOfLoopback", 2);
    try (Stranger first = new Stranger(port);
        Stranger second = new TlsStranger(OF_MEMBER).dial(port);
        Stranger third = new Stranger(port)) {
      assertEquals(0, third.bytesUntilClosed());
      assertCounted(RefusalKind.CROWDED);

      first.say(new byte[] {0});
      assertEquals(0, first.bytesUntilClosed());
      assertServes(port);
      second.hello("thole", MEMBER).expect(FrameType.HELLO);
    }
  }

  @Test // delivery.md 7: its certificate is for another host, authority, cluster, time
  void refusesWhomItDialsUnlessTheCertificateIsForThatHost() throws Exception {
    TestAuthority other = new TestAuthority("other");
    String own = "uri:thole://127.0.0.1/thole";
    Map<RefusalKind, Credentials> impostors = Map.of(
        RefusalKind.OTHER_HOST, OF_MEMBER,
        RefusalKind.OTHER_AUTHORITY, other.issue("ip:127.0.0.1", own),
        RefusalKind.EXPIRED,
            AUTHORITY.issue("EC", Duration.ofDays(-2), Duration.ofDays(-1), "ip:127.0.0.1", own),
        RefusalKind.OTHER_CLUSTER,
            AUTHORITY.issue("ip:127.0.0.1", "uri:thole://127.0.0.1/harbour"));
    for (Map.Entry<RefusalKind, Credentials> impostor : impostors.entrySet()) {
      listen();
      try (SSLServerSocket server = new TlsStranger(impostor.getValue()).listen()) {
        Authority dialled = new Authority("127.0.0.1", server.getLocalPort());

        transport.dial(dialled);
        int heard = heardBy(server);

        String refused = told.next();
        assertTrue(refused.startsWith("refused " + dialled + ": its certificate"), refused);
        assertCounted(impostor.getKey());
        assertEquals(0, heard, "bytes of ours that " + impostor.getKey() + " has read");
      }
      transport.unbind(false);
    }
  }

  @Test // delivery.md 7
  void refusesADialToPlainNodesToStrangersAndToSilence() throws Exception {
    listen("tlsMillis", 300);
    TcpTransport plain = new TcpTransport(TcpSettings.DEFAULTS);
    Authority other =
        plain.bind(new BindAddress("127.0.0.1", 0), new Introduction("thole", 1), new Told());
    transport.dial(other);
    assertEquals(
        "refused " + other + ": the other side closed the connection in the TLS handshake",
        told.next());
    plain.unbind(false);
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Authority stranger = new Authority("127.0.0.1", server.getLocalPort());

      transport.dial(stranger);
      try (Stranger http = new Stranger(server.accept())) {
        http.say("HTTP/1.1 400 Bad Request\r\n".getBytes(StandardCharsets.US_ASCII));
        assertEquals("refused " + stranger + ": no TLS: the first byte is 72", told.next());
      }
      transport.dial(stranger);
      assertEquals("refused " + stranger + ": no TLS handshake within 300 ms", told.next());
    }
  }

  @Test // delivery.md 6: success is the welcome, not the end of a handshake
  void tellsWhoIsRefusedByTheOneItDialled() throws Exception {
    Authority port = listen("allowed", "thole://127.0.0.2/thole");
    TestFiles theirs = new TestFiles(Files.createDirectory(folder.resolve("theirs")))
        .write(AUTHORITY.issue("uri:thole://127.0.0.3/thole"), AUTHORITY);
    Told toldThem = new Told();
    TcpTransport them = new TcpTransport(TcpSettings.of(theirs.settings()));
    them.bind(new BindAddress("127.0.0.3", 0), new Introduction("thole", 1), toldThem);

    them.dial(port);

    String refused = toldThem.next();
    them.unbind(false);
    assertTrue(refused.startsWith("refused " + port + ": "), refused);
    assertEquals(List.of(), toldThem.rest());
    assertEquals(List.of(), told.rest());
    assertCounted(RefusalKind.NOT_ALLOWED);
  }

  @Test // delivery.md 6: rotation without a restart
  void usesNewFilesForNewConnectionsAndKeepsTheOldOnes() throws Exception {
    TestAuthority next = new TestAuthority("next");
    Authority port = listen();
    try (Stranger old = peer(OF_MEMBER, port, MEMBER)) {
      assertEquals("up " + MEMBER, told.next());
      Credentials rotated = next.issue("ip:127.0.0.1", "uri:thole://127.0.0.1/thole");

      files.write(rotated, next); // the first authority is not trusted any more

      NodeId late = node("127.0.0.3", 5);
      String[] names = {"uri:thole://127.0.0.3/thole"};
      assertEquals(0, bytesOf(new TlsStranger(AUTHORITY.issue(names)), port, late));
      assertCounted(RefusalKind.OTHER_AUTHORITY);
      try (SSLSocket seen = new TlsStranger(next.issue(names)).open(port)) {
        assertEquals(rotated.chain().get(0), seen.getSession().getPeerCertificates()[0]);
        Stranger peer = new Stranger(seen).hello("thole", late).expect(FrameType.HELLO);
        peer.expect(FrameType.WELCOME).frame(FrameType.WELCOME, new byte[0]);
        assertEquals("up " + late, told.next());
      }
      assertTrue(told.next().startsWith("lost " + late));
      old.frame(FrameType.DATA, new byte[7]);
      assertEquals("frame of 7", told.next());
    }
    assertEquals(1, log.of("speaks TLS from now on with").size(), log::toString);
  }

  @Test // delivery.md 6
  void keepsWhatItHadWhereNewFilesAreBrokenAndSaysSoOnce() throws Exception {
    Authority port = listen();
    Credentials next = AUTHORITY.issue("ip:127.0.0.1", "uri:thole://127.0.0.1/thole");

    Files.writeString(files.certificate(), "-----BEGIN CERTIFICATE-----\nhalf");
    assertServes(port);
    assertServes(port);
    assertEquals(1, log.of("still speaks TLS with what it had read before").size(), log::toString);
    assertEquals(1, log.of("certificateFile=" + files.certificate()).size(), log::toString);

    files.write(next, AUTHORITY);
    Files.delete(files.key());
    assertServes(port);
    assertEquals(2, log.of("still speaks TLS with what it had read before").size(), log::toString);

    files.write(next, AUTHORITY);
    assertServes(port);
    assertEquals(1, log.of("speaks TLS from now on with").size(), log::toString);
  }

  @Test // delivery.md 7
  void takesUpAChangedAllowListAndResumesNothing() throws Exception {
    Map<String, Object> slow = files.settings("tlsMillis", 60_000, "helloMillis", 60_000);
    TcpSettings[] settings = {TcpSettings.of(slow)};
    Supplier<TcpSettings> latest = () -> settings[0];
    transport = new TcpTransport(latest);
    Authority port = bind("127.0.0.1");
    TlsStranger member = new TlsStranger(OF_MEMBER);
    try (Stranger peer = member.dial(port)) {
      peer.hello("thole", MEMBER).expect(FrameType.HELLO).expect(FrameType.WELCOME); // and a ticket
    }

    settings[0] = TcpSettings.of(files.settings("allowed", "thole://127.0.0.9/thole"));

    assertEquals(0, bytesOf(member, port, MEMBER));
    assertEquals(1L, counts().get(RefusalKind.NOT_ALLOWED.toString()), counts()::toString);
    settings[0] = TcpSettings.DEFAULTS;
    assertEquals(0, bytesOf(member, port, MEMBER));
    assertEquals(1, log.of("TLS ends when the node starts next").size(), log::toString);
  }

  @Test // delivery.md 5
  void carriesTheLongestFrameAndClosesAtOneByteMore() throws Exception {
    Authority port = listen();
    try (Stranger peer = peer(OF_MEMBER, port, MEMBER)) {
      peer.frame(FrameType.DATA, new byte[Transport.FRAME_LIMIT]);
      peer.say(Stranger.header(FrameType.DATA, Transport.FRAME_LIMIT + 1));

      assertEquals("up " + MEMBER, told.next());
      assertEquals("frame of 1114112", told.next());
      assertEquals("lost " + MEMBER + " false: frame of 1114113 bytes", told.next());
      assertEquals(0, bytesUntilClosed(peer));
    }
  }

  @Test // P1
  void cutsOffADisconnectedPeerThatDoesNotRead() throws Exception {
    Authority port = listen();
    try (Stranger peer = peer(OF_MEMBER, port, MEMBER)) {
      assertEquals("up " + MEMBER, told.next());
      for (int i = 0; i < 7; i++) {
        assertTrue(transport.send(MEMBER, ByteBuffer.allocate(1 << 20)));
      }

      transport.disconnect(MEMBER);

      assertEquals("lost " + MEMBER + " false: this node has closed it", told.next());
      assertTrue(peer.isCutOff(), "it still takes what the peer says");
    }
  }

  @Test // D3
  void saysGoodbyeBehindWhatItTook() throws Exception {
    Authority port = listen();
    try (Stranger peer = peer(OF_MEMBER, port, MEMBER)) {
      assertEquals("up " + MEMBER, told.next());
      assertTrue(transport.send(MEMBER, ByteBuffer.allocate(2)));

      transport.unbind(true);

      peer.expect(FrameType.DATA).expect(FrameType.GOODBYE);
      assertEquals(0, bytesUntilClosed(peer));
    }
  }

  @Test // delivery.md 7
  void keepsAPeerServedWhileStrangersComeAsFastAsTheyCan() throws Exception {
    Authority port = listen();
    try (Stranger peer = peer(OF_MEMBER, port, MEMBER)) {
      assertEquals("up " + MEMBER, told.next());
      Thread crowd = new Thread(() -> {
        while (!Thread.currentThread().isInterrupted()) {
          try {
            bytesOf(TlsStranger.nobody(), port, MEMBER);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        }
      });
      crowd.start();

      for (int i = 0; i < 200; i++) {
        peer.frame(FrameType.DATA, new byte[i]);
        assertEquals("frame of " + i, told.next());
        assertTrue(transport.send(MEMBER, ByteBuffer.allocate(1)));
        peer.expect(FrameType.DATA);
      }

      crowd.interrupt();
      crowd.join();
      assertFalse(counts().isEmpty());
    }
  }

  @Test // delivery.md 6: in no output
  void tellsNoSecretWhateverGoesWrong() throws Exception {
    String key = Files.readString(files.key());
    Authority port = listen();
    for (String broken : List.of(
        key.replace("PRIVATE", "ENCRYPTED PRIVATE"),
        key.replace("PRIVATE KEY", "EC PRIVATE KEY"),
        key.replaceFirst("\n.", "\n!"),
        key.substring(0, key.length() / 2),
        key.replaceFirst("M", "N"))) {
      Files.writeString(files.key(), broken);
      assertServes(port);
      try {
        transport.unbind(false);
        port = listen();
      } catch (RuntimeException e) {
        log.publish(new LogRecord(Level.SEVERE, stackTrace(e)));
        files.write(AUTHORITY.issue("ip:127.0.0.1", "uri:thole://127.0.0.1/thole"), AUTHORITY);
        port = listen();
        Files.writeString(files.key(), key);
      }
    }
    log.publish(new LogRecord(Level.INFO, TcpSettings.of(files.settings()).toString()));

    String output = log.toString();
    for (String line : key.lines().filter(line -> !line.startsWith("-")).toList()) {
      for (int i = 0; i + 16 <= line.length(); i++) {
        assertFalse(output.contains(line.substring(i, i + 16)), "a piece of the key at " + i);
      }
    }
    assertTrue(log.of("keyFile").size() >= 5, output);
  }

  /** Listens with more time than the design allows, unless a test says how much: a busy machine proves nothing. */
  private Authority listen(Object... more) {
    Map<String, Object> settings = files.settings("tlsMillis", 60_000, "helloMillis", 60_000);
    for (int i = 0; i < more.length; i += 2) {
      settings.put(String.valueOf(more[i]), more[i + 1]);
    }
    transport = new TcpTransport(TcpSettings.of(settings));
    return bind("127.0.0.1");
  }

  private Authority bind(String host) {
    return transport.bind(new BindAddress(host, 0), new Introduction("thole", 1), told);
  }

  /** Sees a peer come, send and be answered, and go. */
  private void assertServes(Authority port) throws Exception {
    try (Stranger peer = peer(OF_MEMBER, port, MEMBER)) {
      peer.frame(FrameType.DATA, new byte[7]);
      assertEquals(List.of("up " + MEMBER, "frame of 7"), List.of(told.next(), told.next()));
      assertTrue(transport.send(MEMBER, ByteBuffer.allocate(1)));
      peer.expect(FrameType.DATA);
    }
    assertTrue(told.next().startsWith("lost " + MEMBER));
  }

  private static Stranger peer(Credentials credentials, Authority port, NodeId self)
      throws IOException {
    Stranger peer = new TlsStranger(credentials).dial(port).hello("thole", self);
    return peer.expect(FrameType.HELLO)
        .expect(FrameType.WELCOME)
        .frame(FrameType.WELCOME, new byte[0]);
  }

  private void assertCounted(RefusalKind refusal) {
    assertCounted(refusal, 1);
  }

  /** A connection is closed before it is counted: waits for the count. */
  private void assertCounted(RefusalKind refusal, long times) {
    Map<String, Long> expected = Map.of(refusal.toString(), times);
    long beganNanos = System.nanoTime();
    while (!counts().equals(expected) && millisSince(beganNanos) < PATIENCE_MILLIS) {
      LockSupport.parkNanos(1_000_000);
    }
    assertEquals(expected, counts());
  }

  /** Returns the counts that are not 0. */
  private Map<String, Long> counts() {
    return transport.refusals().entrySet().stream()
        .filter(count -> count.getValue() > 0)
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** Dials, introduces itself, and returns how many bytes it heard before it was cut off. */
  private static int bytesOf(TlsStranger stranger, Authority port, NodeId self) throws IOException {
    try (Stranger dialled = stranger.dial(port)) {
      dialled.hello("thole", self);
      return bytesUntilClosed(dialled);
    } catch (SSLException | SocketException e) {
      return 0; // it was told in the handshake already, or was cut off while it spoke
    }
  }

  private static int bytesUntilClosed(Stranger stranger) throws IOException {
    try {
      return stranger.bytesUntilClosed();
    } catch (SSLException e) {
      return 0; // an alert
    }
  }

  private static int closedAfter(Authority port, byte[] bytes) throws IOException {
    try (Stranger stranger = new Stranger(port)) {
      try {
        stranger.say(bytes);
      } catch (SocketException e) {
        return 0; // closed at the first byte
      }
      return stranger.bytesUntilClosed();
    }
  }

  /** Takes the connection of one who dials, and returns how many bytes of a node it hears. */
  private static int heardBy(SSLServerSocket server) throws IOException {
    try (SSLSocket socket = (SSLSocket) server.accept()) {
      socket.startHandshake();
      return socket.getInputStream().readAllBytes().length;
    } catch (SSLException | SocketException e) {
      return 0;
    }
  }

  private static String stackTrace(Throwable thrown) {
    StringBuilder text = new StringBuilder();
    for (Throwable part = thrown; part != null; part = part.getCause()) {
      text.append(part).append('\n');
    }
    return text.toString();
  }

  private static long millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1_000_000;
  }

  private static NodeId node(String host, long incarnation) {
    return new NodeId(new Authority(host, 1), incarnation);
  }

  /** Everything that anyone writes to a log, on whatever level. */
  private static final class Log extends Handler {
    private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
    private final Logger root = Logger.getLogger("");
    private final Level before = root.getLevel();

    void begin() {
      setLevel(Level.ALL);
      root.setLevel(Level.ALL);
      root.addHandler(this);
    }

    void end() {
      root.removeHandler(this);
      root.setLevel(before);
    }

    List<String> of(String part) {
      return lines.stream().filter(line -> line.contains(part)).toList();
    }

    @Override
    public void publish(LogRecord written) {
      String text = written.getParameters() == null
          ? written.getMessage()
          : MessageFormat.format(written.getMessage(), written.getParameters());
      lines.add(text + (written.getThrown() == null ? "" : stackTrace(written.getThrown())));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    @Override
    public String toString() {
      return String.join("\n", lines);
    }
  }
}
