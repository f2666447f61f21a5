package io.thole.tcpprovider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.BindAddress;
import io.thole.api.ConfigurationException;
import io.thole.api.NodeId;
import io.thole.spi.Introduction;
import io.thole.spi.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The port from outside: what strangers and bad peers say, over plain sockets. Who says to be somebody else: {@link TcpClaimIT}.
 */
@Timeout(60)
class TcpStrangerIT {
  private static final NodeId LARGER = node("127.0.0.2", 5);
  private static final NodeId SMALLER = node("127.0.0.0", 5);

  /** Longer than what follows a write may take to be part of a stream. */
  private static final long QUIET_NANOS = 100_000;

  private final Told told = new Told();
  private TcpTransport transport = new TcpTransport(TcpSettings.DEFAULTS);

  @AfterEach
  void unbind() {
    transport.unbind(false);
  }

  @Test // P1
  void answersNoByteToHttpTlsSshAndRandomBytes() throws Exception {
    Authority port = listen(Map.of());
    long seed = 20_261_124;
    Random random = new Random(seed);
    List<byte[]> words = new ArrayList<>(List.of(
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
        "SSH-2.0-x\r\n".getBytes(StandardCharsets.US_ASCII),
        HexFormat.of().parseHex("16030100c8010000c40303"),
        new byte[] {1, 99},
        new byte[] {0}));
    for (int i = 0; i < 50; i++) {
      byte[] bytes = new byte[1 + random.nextInt(8_192)];
      random.nextBytes(bytes);
      bytes[0] = (byte) (2 + random.nextInt(254));
      words.add(bytes);
    }

    for (byte[] bytes : words) {
      assertEquals(0, closedAfter(port, bytes), "seed " + seed);
    }

    assertServes(port);
  }

  @Test // P1
  void closesAtLengthsThatNoFrameHasAndAtFramesOutOfTurn() throws Exception {
    Authority port = listen(Map.of());
    List<byte[]> words = List.of(
        Stranger.header(FrameType.HELLO, 4_097),
        Stranger.header(FrameType.HELLO, -1),
        Stranger.header(FrameType.HELLO, Integer.MIN_VALUE),
        Stranger.header(FrameType.HELLO, 0),
        Stranger.header(FrameType.DATA, 0),
        Stranger.header(FrameType.WELCOME, 0),
        Stranger.header(FrameType.GOODBYE, 0),
        Stranger.header(FrameType.REDUNDANT, 0),
        joined(Stranger.header(FrameType.HELLO, 4_096), new byte[4_096]));

    for (byte[] bytes : words) {
      assertEquals(0, closedAfter(port, bytes));
    }

    assertServes(port);
  }

  @Test // P1
  void closesWhoSaysNothingOrHalfAHelloWhenTheHandshakeIsOverdue() throws Exception {
    Authority port = listen(Map.of("helloMillis", 300));
    byte[] hello = joined(Stranger.header(FrameType.HELLO, 4_096), new byte[8]);

    for (byte[] bytes : List.of(new byte[0], hello)) {
      long beganNanos = System.nanoTime();
      assertEquals(0, closedAfter(port, bytes));
      long millis = (System.nanoTime() - beganNanos) / 1_000_000;
      assertTrue(millis >= 290, "closed after " + millis + " ms");
    }
  }

  @Test // P1
  void closesAPeerWhoseFrameIsNotWholeInTime() throws Exception {
    Authority port = listen(Map.of("frameMillis", 300));
    try (Stranger peer = Stranger.peer(port, LARGER)) {
      assertEquals("up " + LARGER, told.next());

      peer.say(Stranger.header(FrameType.DATA, 2)).say(new byte[1]);

      assertEquals("lost " + LARGER + " false: frame not whole within 300 ms", told.next());
      assertEquals(0, peer.bytesUntilClosed());
    }
  }

  @Test // P1
  void takesTheLongestFrameOfAPeerAndClosesAtOneByteMore() throws Exception {
    Authority port = listen(Map.of());
    try (Stranger peer = Stranger.peer(port, SMALLER)) {
      peer.frame(FrameType.DATA, new byte[Transport.FRAME_LIMIT - 1]);
      peer.frame(FrameType.DATA, new byte[Transport.FRAME_LIMIT]);
      peer.say(Stranger.header(FrameType.DATA, Transport.FRAME_LIMIT + 1));

      assertEquals("up " + SMALLER, told.next());
      assertEquals("frame of 1114111", told.next());
      assertEquals("frame of 1114112", told.next());
      assertEquals("lost " + SMALLER + " false: frame of 1114113 bytes", told.next());
      assertEquals(0, peer.bytesUntilClosed());
    }
  }

  @Test // P1: each of a thousand peers may begin a frame of a mebibyte
  void givesUpTheOldestOfManyFramesThatAreNotWhole() throws Exception {
    transport = new TcpTransport(() -> TcpSettings.DEFAULTS, 5 << 20);
    Authority port =
        transport.bind(new BindAddress("127.0.0.1", 0), new Introduction("thole", 1), told);
    NodeId second = node("127.0.0.3", 5);
    NodeId third = node("127.0.0.4", 5);
    try (Stranger first = Stranger.peer(port, LARGER);
        Stranger middle = Stranger.peer(port, second);
        Stranger last = Stranger.peer(port, third)) {
      assertEquals(
          List.of("up " + LARGER, "up " + second, "up " + third),
          List.of(told.next(), told.next(), told.next()));
      byte[] most = new byte[Transport.FRAME_LIMIT - 1];
      for (Stranger peer : List.of(first, middle, last)) {
        peer.say(Stranger.header(FrameType.DATA, 5)).say(new byte[5]);
        peer.say(Stranger.header(FrameType.DATA, Transport.FRAME_LIMIT)).say(most);
        assertEquals("frame of 5", told.next());
      }

      assertEquals(
          "lost " + LARGER
              + " false: frames that are not whole take more than 5242880 bytes, this the longest",
          told.next());
      assertEquals(0, first.bytesUntilClosed());
      middle.say(new byte[1]);
      last.say(new byte[1]);
      assertEquals(
          List.of("frame of 1114112", "frame of 1114112"), List.of(told.next(), told.next()));
      assertServes(port);
    }
  }

  @Test // P1
  void tellsTheFramesBeforeAGoodbyeAndTheGoodbye() throws Exception {
    Authority port = listen(Map.of());
    try (Stranger peer = Stranger.peer(port, LARGER)) {
      peer.say(joined(Stranger.header(FrameType.DATA, 0), Stranger.header(FrameType.GOODBYE, 0)));

      assertEquals("up " + LARGER, told.next());
      assertEquals("frame of 0", told.next());
      assertEquals("lost " + LARGER + " true: the other side said goodbye", told.next());
    }
  }

  @Test // P1
  void letsInAsManyStrangersAsAllowedAndAgainWhenOneWent() throws Exception {
    Authority port = listen(Map.of("strangersOfLoopback", 2, "helloMillis", 60_000));
    try (Stranger first = new Stranger(port);
        Stranger second = new Stranger(port);
        Stranger third = new Stranger(port)) {
      assertEquals(0, third.bytesUntilClosed());

      first.say(new byte[] {0});
      assertEquals(0, first.bytesUntilClosed());

      second.hello("thole", LARGER).expect(FrameType.HELLO).expect(FrameType.WELCOME);
      second.frame(FrameType.WELCOME, new byte[0]);
      assertEquals("up " + LARGER, told.next());
      assertServes(port);
    }
  }

  @Test // P1
  void letsInAsManyPeersAsAllowed() throws Exception {
    Authority port = listen(Map.of("peers", 1));
    try (Stranger first = Stranger.peer(port, LARGER);
        Stranger second = new Stranger(port)) {
      second.hello("thole", node("127.0.0.3", 5)).expect(FrameType.HELLO);

      assertEquals(0, second.bytesUntilClosed());
      assertEquals("up " + LARGER, told.next());
      first.frame(FrameType.DATA, new byte[1]);
      assertEquals("frame of 1", told.next());
    }
  }

  @Test // D9
  void doesNotMeetItselfAtAWildcard() throws Exception {
    transport = new TcpTransport(TcpSettings.of(Map.of("insecure", "true")));
    Authority advertised = new Authority("node.example", 26_050);
    Authority bound = transport.bind(
        new BindAddress("0.0.0.0", 0), new Introduction("thole", 1, Optional.of(advertised)), told);
    Authority self = new Authority("127.0.0.1", bound.port());

    transport.dial(self);
    transport.dial(advertised);

    assertEquals(
        List.of(
            "refused " + advertised + ": " + advertised + " is this node",
            "refused " + self + ": " + advertised + " is this node"),
        Stream.of(told.next(), told.next()).sorted(Comparator.reverseOrder()).toList());
  }

  @Test
  void saysWhatWasSentBeforeItDisconnects() throws Exception {
    Authority port = listen(Map.of());
    try (Stranger peer = Stranger.peer(port, LARGER)) {
      assertEquals("up " + LARGER, told.next());
      peer.frame(FrameType.DATA, new byte[100_000]);
      for (int i = 0; i < 7; i++) {
        assertTrue(transport.send(LARGER, ByteBuffer.allocate(1 << 20)));
      }

      transport.disconnect(LARGER);

      for (int i = 0; i < 7; i++) {
        peer.expect(FrameType.DATA);
      }
      assertEquals(0, peer.bytesUntilClosed());
    }
  }

  @Test // L1: the sender writes itself, until the system takes a part of a frame
  void saysTheRestOfWhatTheSystemTookAPartOf() throws Exception {
    Authority port = listen(Map.of());
    try (Stranger peer = Stranger.peer(port, LARGER)) {
      assertEquals("up " + LARGER, told.next());
      int sent = 0;
      boolean whole = true;
      while (whole && sent < 64) { // the buffers of a connection hold a few
        long lastNanos = System.nanoTime();
        while (System.nanoTime() - lastNanos < QUIET_NANOS) {
          Thread.onSpinWait(); // by the clock of the transport, a sender may write only then
        }
        int drains = told.drains();
        byte[] frame = new byte[1 << 20];
        Arrays.fill(frame, (byte) ++sent);
        assertTrue(transport.send(LARGER, ByteBuffer.wrap(frame)));
        whole = told.drains() > drains;
      }
      assertFalse(whole, "the system has taken 64 MiB that nobody reads");

      for (int number = 1; number <= sent; number++) {
        byte[] frame = new byte[1 << 20];
        Arrays.fill(frame, (byte) number);
        assertEquals(ByteBuffer.wrap(frame), peer.read(), "frame " + number + " of " + sent);
      }
    }
  }

  @Test // P1
  void cutsOffADisconnectedPeerThatDoesNotRead() throws Exception {
    Authority port = listen(Map.of());
    try (Stranger peer = Stranger.peer(port, LARGER)) {
      assertEquals("up " + LARGER, told.next());
      for (int i = 0; i < 7; i++) {
        assertTrue(transport.send(LARGER, ByteBuffer.allocate(1 << 20)));
      }

      transport.disconnect(LARGER);

      assertEquals("lost " + LARGER + " false: this node has closed it", told.next());
      assertTrue(peer.isCutOff(), "it still takes what the peer says");
    }
  }

  @Test // D3
  void saysGoodbyeBehindWhatItTook() throws Exception {
    Authority port = listen(Map.of());
    try (Stranger peer = Stranger.peer(port, LARGER)) {
      assertEquals("up " + LARGER, told.next());
      assertTrue(transport.send(LARGER, ByteBuffer.allocate(2)));
      peer.frame(FrameType.DATA, new byte[100_000]);

      transport.unbind(true);

      peer.expect(FrameType.DATA).expect(FrameType.GOODBYE);
      assertEquals(0, peer.bytesUntilClosed());
    }
  }

  @Test // P1
  void servesOthersWhileAPeerDoesNotRead() throws Exception {
    Authority port = listen(Map.of());
    try (Stranger stopped = Stranger.peer(port, LARGER)) {
      assertEquals("up " + LARGER, told.next());
      int sent = 0;
      while (sent < 1_000 && transport.send(LARGER, ByteBuffer.allocate(1 << 20))) {
        sent++;
      }

      assertTrue(sent >= 7 && sent < 1_000, "frames of 1 MiB that were taken: " + sent);
      assertServes(port);
      stopped.expect(FrameType.DATA);
    }
  }

  @Test
  void refusesADialToItselfToStrangersAndToSilence() throws Exception {
    Authority port = listen(Map.of("helloMillis", 300));
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Authority other = new Authority("127.0.0.1", server.getLocalPort());

      transport.dial(port);
      assertEquals("refused " + port + ": " + port + " is this node", told.next());
      transport.dial(other);
      try (Stranger http = new Stranger(server.accept())) {
        http.say("HTTP/1.1 400 Bad Request\r\n".getBytes(StandardCharsets.US_ASCII));
        assertEquals(
            "refused " + other + ": no node, or one of wire version 72 (ours is 1)", told.next());
      }
      transport.dial(other);
      assertEquals("refused " + other + ": no hello within 300 ms", told.next());
      transport.dial(new Authority("no-such-host.invalid", 1));
      assertEquals(
          "refused no-such-host.invalid:1: unknown host no-such-host.invalid", told.next());
    }
  }

  @Test
  void listensBeyondTheLoopbackOnlyIfItIsToldTo() {
    BindAddress anywhere = new BindAddress("0.0.0.0", 0);

    ConfigurationException refusal = assertThrows(
        ConfigurationException.class,
        () -> transport.bind(anywhere, new Introduction("thole", 1), told));
    transport = new TcpTransport(TcpSettings.of(Map.of("insecure", "true")));
    Authority address = transport.bind(anywhere, new Introduction("thole", 1), told);

    assertEquals("insecure", refusal.key());
    assertEquals("0.0.0.0", address.host());
  }

  private Authority listen(Map<String, Object> settings) {
    transport = new TcpTransport(TcpSettings.of(settings));
    return transport.bind(new BindAddress("127.0.0.1", 0), new Introduction("thole", 1), told);
  }

  /** Says something, and returns how many bytes came back until the connection was closed. */
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

  /** Sees a peer come, send and be answered. */
  private void assertServes(Authority port) throws Exception {
    NodeId id = node("127.0.0.9", 9);
    try (Stranger peer = Stranger.peer(port, id)) {
      peer.frame(FrameType.DATA, new byte[7]);
      assertEquals(List.of("up " + id, "frame of 7"), List.of(told.next(), told.next()));
      assertTrue(transport.send(id, ByteBuffer.allocate(1)));
      peer.expect(FrameType.DATA);
    }
  }

  private static NodeId node(String host, long incarnation) {
    return new NodeId(new Authority(host, 1), incarnation);
  }

  private static byte[] joined(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length)
        .put(first)
        .put(second)
        .array();
  }
}
