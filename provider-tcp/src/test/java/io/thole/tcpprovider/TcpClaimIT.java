package io.thole.tcpprovider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.BindAddress;
import io.thole.api.NodeId;
import io.thole.spi.Introduction;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What comes of it if somebody says to be a peer that is connected, or a later start of it: over plain sockets, against a port at
 * 127.0.0.2. A peer at 127.0.0.1 is the arbiter, one at 127.0.0.3 is not.
 */
@Timeout(60)
class TcpClaimIT {
  private final Told told = new Told();
  private final TcpTransport transport = new TcpTransport(TcpSettings.DEFAULTS);
  private Authority port;

  @BeforeEach
  void listen() {
    port = transport.bind(new BindAddress("127.0.0.2", 0), new Introduction("thole", 1), told);
  }

  @AfterEach
  void unbind() {
    transport.unbind(false);
  }

  @ParameterizedTest // delivery.md 7
  @CsvSource({"127.0.0.1,5", "127.0.0.1,6", "127.0.0.3,5", "127.0.0.3,6"})
  void keepsAPeerThatSomebodyElseSaysToBe(String host, long incarnation) throws Exception {
    try (Member member = new Member(host);
        Stranger connected = Stranger.peer(port, member.id)) {
      assertEquals("up " + member.id, told.next());

      claim(new NodeId(member.id.authority(), incarnation));
      member.answersThatItIsConnected();

      assertServes(member, connected);
    }
  }

  @ParameterizedTest // delivery.md 7
  @CsvSource({"127.0.0.1,5", "127.0.0.1,6", "127.0.0.3,5", "127.0.0.3,6"})
  void keepsItAsWellIfNobodyListensAtItsAddress(String host, long incarnation) throws Exception {
    Member member = new Member(host);
    try (Stranger connected = Stranger.peer(port, member.id)) {
      assertEquals("up " + member.id, told.next());
      member.close();

      for (int i = 0; i < 10; i++) {
        claim(new NodeId(member.id.authority(), incarnation));
      }

      assertServes(member, connected);
    }
  }

  @ParameterizedTest // whoever lies must not have others dial more than it does itself
  @ValueSource(longs = {5, 6})
  void dialsThePeerOnceASecondHoweverOftenSomebodySaysToBeIt(long incarnation) throws Exception {
    try (Member member = new Member("127.0.0.3");
        Stranger connected = Stranger.peer(port, member.id)) {
      assertEquals("up " + member.id, told.next());
      long beganNanos = System.nanoTime();
      int dialled = 0;

      for (int i = 0; i < 20; i++) {
        claim(new NodeId(member.id.authority(), incarnation));
        dialled += member.answersIfItIsDialled() ? 1 : 0;
      }

      long seconds = (System.nanoTime() - beganNanos) / 1_000_000_000;
      assertTrue(dialled >= 1 && dialled <= seconds + 1, dialled + " dials in " + seconds + " s");
      assertServes(member, connected);
    }
  }

  @ParameterizedTest // D10, G5: its end has not been noticed
  @ValueSource(strings = {"127.0.0.1", "127.0.0.3"})
  void replacesAPeerByALaterStartThatIsFoundAtItsAddress(String host) throws Exception {
    try (Member member = new Member(host);
        Stranger before = Stranger.peer(port, member.id)) {
      NodeId restarted = new NodeId(member.id.authority(), 6);
      assertEquals("up " + member.id, told.next());

      claim(restarted);
      try (Stranger after = member.isFound(restarted)) {
        assertEquals(
            "lost " + member.id + " false: another connection of " + restarted + " took its place",
            told.next());
        assertEquals("up " + restarted, told.next());
        assertEquals(0, before.bytesUntilClosed());
        try (Stranger earlier = new Stranger(port).hello("thole", member.id)) {
          earlier.expect(FrameType.HELLO);
          assertEquals(0, earlier.bytesUntilClosed());
        }
        after.frame(FrameType.DATA, new byte[1]);
        assertEquals("frame of 1", told.next());
      }
    }
  }

  @ParameterizedTest // D3: this side has not noticed
  @ValueSource(strings = {"127.0.0.1", "127.0.0.3"})
  void takesANewConnectionOfAPeerThatHasLostTheOldOne(String host) throws Exception {
    try (Member member = new Member(host);
        Stranger old = Stranger.peer(port, member.id)) {
      assertEquals("up " + member.id, told.next());

      claim(member.id);
      try (Stranger next = member.isFound(member.id)) {
        assertTrue(told.next().endsWith("took its place"));
        assertEquals("up " + member.id, told.next());
        assertEquals(0, old.bytesUntilClosed());
        next.frame(FrameType.DATA, new byte[2]);
        assertEquals("frame of 2", told.next());
      }
    }
  }

  @ParameterizedTest // a dial is answered, though the port was looking there of its own
  @ValueSource(strings = {"127.0.0.1", "127.0.0.3"})
  void tellsWhatComesOfADialThatIsAskedForWhileItLooks(String host) throws Exception {
    try (Member member = new Member(host)) {
      Stranger connected = Stranger.peer(port, member.id);
      assertEquals("up " + member.id, told.next());
      claim(new NodeId(member.id.authority(), 6));
      try (Stranger dialled = member.accept()) {
        connected.close();
        assertTrue(told.next().startsWith("lost " + member.id));

        transport.dial(member.id.authority());
        dialled.expect(FrameType.HELLO);
      }

      assertEquals(
          "refused " + member.id.authority() + ": the other side closed the connection",
          told.next());
    }
  }

  /** Introduces itself as somebody, does what an arbiter would, and is sent away. */
  private void claim(NodeId id) throws IOException {
    try (Stranger forger = new Stranger(port).hello("thole", id)) {
      forger.expect(FrameType.HELLO);
      if (id.authority().compareTo(port) < 0) {
        forger.frame(FrameType.WELCOME, new byte[0]);
      } else if (id.incarnation() == 5) {
        forger.expect(FrameType.REDUNDANT);
      }
      assertEquals(0, forger.bytesUntilClosed());
    }
  }

  private void assertServes(Member member, Stranger connected) throws Exception {
    connected.frame(FrameType.DATA, new byte[3]);

    assertEquals("frame of 3", told.next());
    assertEquals(List.of(), told.rest(), () -> "of " + member.id);
  }

  /** A node that is dialled at its address, and says what a test has it say. */
  private final class Member implements AutoCloseable {
    final ServerSocket server;
    final NodeId id;

    Member(String host) throws IOException {
      server = new ServerSocket(0, 50, InetAddress.getByName(host));
      server.setSoTimeout(20_000);
      id = new NodeId(new Authority(host, server.getLocalPort()), 5);
    }

    Stranger accept() throws IOException {
      return new Stranger(server.accept());
    }

    private boolean isArbiter() {
      return id.authority().compareTo(port) < 0;
    }

    /** Keeps the connection that it has. */
    void answersThatItIsConnected() throws IOException {
      try (Stranger dialled = accept()) {
        dialled.expect(FrameType.HELLO).hello("thole", id);
        if (isArbiter()) {
          dialled.frame(FrameType.REDUNDANT, new byte[0]);
          assertEquals(0, dialled.bytesUntilClosed());
        } else {
          dialled.expect(FrameType.WELCOME);
        }
      }
    }

    boolean answersIfItIsDialled() throws IOException {
      server.setSoTimeout(20);
      try {
        answersThatItIsConnected();
        return true;
      } catch (SocketTimeoutException e) {
        return false;
      }
    }

    /** Is there, and has no other connection. */
    Stranger isFound(NodeId start) throws IOException {
      Stranger dialled = accept();
      dialled.expect(FrameType.HELLO).hello("thole", start);
      return isArbiter()
          ? dialled.frame(FrameType.WELCOME, new byte[0]).expect(FrameType.WELCOME)
          : dialled.expect(FrameType.WELCOME).frame(FrameType.WELCOME, new byte[0]);
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }
}
