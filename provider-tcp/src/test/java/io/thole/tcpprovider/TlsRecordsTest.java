package io.thole.tcpprovider;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.thole.api.Authority;
import io.thole.api.NodeId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two ends of a connection behind their handshake, whose wire the test holds. delivery.md 6, 7 */
class TlsRecordsTest {
  private static final Authority SELF = new Authority("127.0.0.1", 26_050);
  private static final int READ_BYTES = 64 << 10;
  private static final int RECORD = 23; // the type of a record that holds data
  private static final int LONGEST = (1 << 14) + 256; // RFC 8446, 5.2

  @TempDir
  private Path folder;

  private SSLEngine client;
  private SSLEngine server;
  private End near;
  private End far;

  @BeforeEach
  void shakeHands() throws IOException {
    TestAuthority authority = new TestAuthority("authority");
    TestFiles files = new TestFiles(folder)
        .write(authority.issue("ip:127.0.0.1", "uri:thole://127.0.0.1:26050/thole"), authority);
    TlsMaterial material = TlsMaterial.read(
        TcpSettings.of(files.settings()).tls(), new Hello("thole", new NodeId(SELF, 1)));
    client = new TlsSession(material, "thole", SELF).engine();
    server = new TlsSession(material, "thole", null).engine();
    TlsRehearsal.play(client, server);
    near = new End(client).open();
    far = new End(server).open();
  }

  @Test // delivery.md 6
  void takesTheFastestCipherAndNoEarlierVersion() {
    assertEquals(
        "TLSv1.3 TLS_AES_128_GCM_SHA256",
        client.getSession().getProtocol() + " " + client.getSession().getCipherSuite());
    assertTrue(List.of(server.getEnabledCipherSuites()).contains("TLS_AES_256_GCM_SHA384"));
  }

  @Test // L1
  void carriesWhatIsWrittenInOrderHoweverTheWireCutsIt() {
    long seed = 20_261_129;
    Random random = new Random(seed);
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    for (int round = 0; round < 60; round++) {
      for (int i = random.nextInt(100); i >= 0; i--) {
        byte[] bytes = new byte[random.nextInt(i == 0 ? 300_000 : 200)];
        random.nextBytes(bytes);
        near.channel.write(
            random.nextBoolean()
                ? Unpooled.wrappedBuffer(bytes)
                : Unpooled.directBuffer().writeBytes(bytes));
        written.writeBytes(bytes);
      }
      near.channel.flush();
      byte[] wire = near.wire();
      for (int from = 0; from < wire.length; ) {
        int length = Math.min(wire.length - from, 1 + random.nextInt(READ_BYTES));
        far.hears(Unpooled.directBuffer().writeBytes(wire, from, length));
        from += length;
      }
    }

    assertArrayEquals(written.toByteArray(), far.heard(), "seed " + seed);
  }

  @Test // L3: and of few records, that are full
  void makesFullRecordsOfSmallFrames() {
    for (int i = 0; i < 1_000; i++) {
      near.channel.write(Unpooled.wrappedBuffer(new byte[100]));
    }
    near.channel.flush();

    byte[] wire = near.wire();

    assertTrue(wire.length < 100_000 + 10 * 40, wire.length + " bytes");
    assertFalse(new String(wire, StandardCharsets.ISO_8859_1).contains("\0\0\0\0\0\0\0\0"));
  }

  @Test // P8: a peer that does not read
  void sealsNothingBeforeTheSocketHasRoomForIt() {
    near.hasRoom(false);

    ChannelFuture first = near.channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[300_000]));
    ChannelFuture second = near.channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[1]));

    assertEquals(0, near.wire().length);
    assertFalse(first.isDone() || second.isDone());
    near.hasRoom(true);
    near.channel.runPendingTasks();
    far.hears(Unpooled.wrappedBuffer(near.wire()));
    assertTrue(first.isSuccess() && second.isSuccess());
    assertEquals(300_001, far.heard().length);
  }

  @Test // D3: what is told of the end of a write is told in order, of an empty one as well
  void tellsInOrderWhatWasWritten() {
    List<Integer> told = new ArrayList<>();
    int[] lengths = {5, 0, 200_000, 0, 0, 7};
    for (int length : lengths) {
      near.channel
          .write(Unpooled.wrappedBuffer(new byte[length]))
          .addListener(done -> told.add(length));
    }

    near.channel.flush();

    assertEquals(List.of(5, 0, 200_000, 0, 0, 7), told);
  }

  @Test // RFC 8446, 4.6.3: as the JDK does after 2^37 bytes
  void goesOnWithNewKeysOnBothSides() throws IOException {
    for (SSLEngine first : List.of(client, server, client)) {
      first.beginHandshake();
      assertEquals("to and fro", exchange("to and fro"), () -> near.failures + " " + far.failures);
      assertEquals("again", exchange("again"));
    }
  }

  @Test // RFC 8446, 4.6.3
  void answersNewKeysWhereItHasNothingToSay() throws IOException {
    client.beginHandshake();
    near.channel.flush();

    far.hears(Unpooled.wrappedBuffer(near.wire()));

    assertTrue(far.wireBytes() > 0, "no new keys from the other side");
  }

  @Test // delivery.md 7
  void handsOnNothingOfARecordThatWasChangedAndNothingBehindIt() {
    near.channel.writeAndFlush(Unpooled.wrappedBuffer("good".getBytes(StandardCharsets.US_ASCII)));
    byte[] good = near.wire();
    near.channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[500]));
    byte[] changed = near.wire();
    near.channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[500]));
    byte[] behind = near.wire();
    changed[100] ^= 1;

    far.hears(Unpooled.wrappedBuffer(good, changed, behind));
    far.hears(Unpooled.wrappedBuffer(behind));

    assertEquals("good", new String(far.heard(), StandardCharsets.US_ASCII));
    assertEquals(1, far.failures.size(), far.failures::toString);
    assertInstanceOf(SSLException.class, far.failures.get(0));
    near.hears(Unpooled.wrappedBuffer(far.wire()));
    assertEquals(1, near.failures.size(), "the alert: " + near.failures);
    assertThrows(
        ClosedChannelException.class,
        () -> far.channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[1])).sync());
  }

  @Test // delivery.md 5, 7: at limit, limit + 1
  void waitsForNoRecordThatIsLongerThanThereAre() {
    far.hears(header(LONGEST));
    assertEquals(List.of(), far.failures);

    near = new End(client).open();
    near.hears(header(LONGEST + 1));
    assertEquals(
        "a TLS record of 16646 bytes, 16645 is the longest there is",
        near.failures.get(0).getMessage());
  }

  @Test // delivery.md 7
  void takesNoBytesThatWereNotSealed() {
    far.hears(Unpooled.wrappedBuffer(
        header(3), Unpooled.wrappedBuffer("abc".getBytes(StandardCharsets.US_ASCII))));

    assertEquals(0, far.heard().length);
    assertEquals(1, far.failures.size(), far.failures::toString);
  }

  @Test // delivery.md 7
  void takesNoRecordTwice() {
    near.channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {1}));
    byte[] wire = near.wire();

    far.hears(Unpooled.wrappedBuffer(wire));
    far.hears(Unpooled.wrappedBuffer(wire));

    assertArrayEquals(new byte[] {1}, far.heard());
    assertEquals(1, far.failures.size(), far.failures::toString);
  }

  @Test // D3
  void saysGoodbyeAndClosesWhenTheOtherSideDoes() {
    near.channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {7}));
    near.channel.close();
    far.hears(Unpooled.wrappedBuffer(near.wire()));

    assertArrayEquals(new byte[] {7}, far.heard());
    assertFalse(far.channel.isOpen());
    assertEquals(List.of(), far.failures);
  }

  @Test // P10
  void givesBackWhatWaitsWhenItIsClosed() {
    ByteBuf waits = Unpooled.buffer().writeBytes(new byte[100]);
    near.hasRoom(false);
    ChannelFuture written = near.channel.writeAndFlush(waits);

    near.channel.close();

    assertInstanceOf(ClosedChannelException.class, written.cause());
    assertEquals(0, waits.refCnt());
    ByteBuf late = Unpooled.buffer().writeBytes(new byte[100]);
    near.channel.writeAndFlush(late);
    assertEquals(0, late.refCnt());
  }

  @Test // what came right behind the handshake
  void keepsWhatComesBeforeAnybodyReads() {
    End late = new End(server);
    near.channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {1}));
    late.hears(Unpooled.wrappedBuffer(near.wire()));
    near.channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {2}));
    late.hears(Unpooled.wrappedBuffer(near.wire()));
    assertEquals(0, late.heard().length);

    late.open();

    assertArrayEquals(new byte[] {1, 2}, late.heard());
  }

  /** Says something and is answered with the same. */
  private String exchange(String words) throws IOException {
    byte[] bytes = words.getBytes(StandardCharsets.US_ASCII);
    near.channel.writeAndFlush(Unpooled.wrappedBuffer(bytes));
    far.hears(Unpooled.wrappedBuffer(near.wire()));
    far.channel.writeAndFlush(Unpooled.wrappedBuffer(far.heard()));
    near.hears(Unpooled.wrappedBuffer(far.wire()));
    return new String(near.heard(), StandardCharsets.US_ASCII);
  }

  private static ByteBuf header(int length) {
    return Unpooled.buffer().writeByte(RECORD).writeShort(0x0303).writeShort(length);
  }

  /** One end: what it heard, and what it has said to the wire. */
  private static final class End extends ChannelInboundHandlerAdapter {
    final EmbeddedChannel channel;
    final List<Throwable> failures = new ArrayList<>();
    private final TlsRecords records;
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

    End(SSLEngine engine) {
      records = new TlsRecords(engine, new TlsBuffers(READ_BYTES));
      channel = new EmbeddedChannel(records, this);
    }

    End open() {
      records.open();
      return this;
    }

    /** Takes bytes from the wire. */
    void hears(ByteBuf bytes) {
      channel.pipeline().fireChannelRead(bytes).fireChannelReadComplete();
    }

    /** Returns what it has heard since the last time. */
    byte[] heard() {
      byte[] bytes = heard.toByteArray();
      heard.reset();
      return bytes;
    }

    /** Returns what it has said to the wire since the last time. */
    byte[] wire() {
      ByteArrayOutputStream said = new ByteArrayOutputStream();
      for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
        byte[] bytes = new byte[next.readableBytes()];
        next.readBytes(bytes).release();
        said.writeBytes(bytes);
      }
      return said.toByteArray();
    }

    int wireBytes() {
      return wire().length;
    }

    void hasRoom(boolean room) {
      channel.unsafe().outboundBuffer().setUserDefinedWritability(1, room);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      byte[] copy = new byte[bytes.readableBytes()];
      bytes.readBytes(copy).release();
      heard.writeBytes(copy);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      failures.add(cause);
    }
  }
}
