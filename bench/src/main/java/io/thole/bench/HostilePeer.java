package io.thole.bench;

import io.thole.api.Authority;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A peer that speaks the protocol as {@code docs/protocol.md} tells it to a stranger, and keeps none of its manners. It is built on a
 * plain socket, byte by byte, so that nothing of the product keeps it from doing wrong. For one thread.
 */
final class HostilePeer implements AutoCloseable {
  static final int LONGEST_FRAME = 1_114_112;

  private static final byte PUBSUB_VERSION = 2;
  private static final String CLUSTER = "bench";
  private static final int PATIENCE_MILLIS = 10_000;
  private static final int HELLO = 1;
  private static final int DATA = 2;
  private static final int WELCOME = 3;
  private static final int BATCH = 2;
  private static final long LINK = 77;
  private static final int CHANNEL = 1; // our number of the channel "pubsub"

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;
  private long otherLink;
  private long sequence;
  private int theirChannel = -1;
  private long subscription;

  private HostilePeer(Socket socket) throws IOException {
    this.socket = socket;
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
  }

  /** Connects, and says nothing yet. */
  static HostilePeer connect(Authority victim) throws IOException {
    Socket socket = new Socket();
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(new InetSocketAddress(victim.host(), victim.port()), PATIENCE_MILLIS);
    return new HostilePeer(socket);
  }

  /** Says hello as a node that is of a larger address than the victim and so not the arbiter, and is welcomed. */
  HostilePeer welcomed(int number) throws IOException {
    byte[] hello = hello(number);
    header(HELLO, hello.length);
    out.write(hello);
    out.flush();
    frame();
    frame();
    header(WELCOME, 0);
    out.flush();
    return this;
  }

  static byte[] hello(int number) {
    String host = "127.0.7." + (1 + number % 250);
    return ByteBuffer.allocate(2 + CLUSTER.length() + host.length() + 10)
        .put((byte) CLUSTER.length())
        .put(ascii(CLUSTER))
        .put((byte) host.length())
        .put(ascii(host))
        .putShort((short) (1 + number / 250))
        .putLong(1)
        .array();
  }

  /** Describes itself, as a client: nobody asks whether a client is still there. */
  HostilePeer described() throws IOException {
    header(DATA, 26);
    out.write(ByteBuffer.allocate(26)
        .put(new byte[] {1, 1})
        .putLong(LINK)
        .putLong(0)
        .putLong(0)
        .array());
    control(new byte[] {1, 1, 0, 0}); // DESCRIBE: a client, without kinds
    out.flush();
    return this;
  }

  /** Has publish/subscribe, and learns which subscription the victim has on a topic. */
  HostilePeer subscriber(String topic) throws IOException {
    described();
    control(ByteBuffer.allocate(9)
        .put((byte) 2)
        .putShort((short) CHANNEL)
        .put(ascii("pubsub"))
        .array());
    out.flush();
    while (theirChannel < 0 || subscription == 0) {
      read(frame(), topic);
    }
    return this;
  }

  private void read(ByteBuffer frame, String topic) {
    int type = frame.get();
    if (type == 1) {
      frame.get();
      otherLink = frame.getLong();
    }
    if (type != BATCH) {
      return;
    }
    frame.position(33);
    for (int count = frame.getInt(); count > 0; count--) {
      int channel = frame.getShort();
      ByteBuffer message = frame.slice(frame.position() + 4, frame.getInt(frame.position()));
      frame.position(frame.position() + 4 + message.remaining());
      if (channel == 0 && message.get() == 2) {
        int number = message.getShort();
        theirChannel = StandardCharsets.US_ASCII.decode(message).toString().equals("pubsub")
            ? number
            : theirChannel;
      } else if (channel == CHANNEL && message.get() == PUBSUB_VERSION) {
        readTopics(message, topic);
      }
    }
  }

  /** Reads TABLE and SUBSCRIBED as far as they hold the topic. */
  private void readTopics(ByteBuffer message, String topic) {
    int type = message.get();
    if (type != 1 && type != 2) {
      return;
    }
    message.getLong();
    int count = type == 1 ? message.position(message.position() + 1).getShort() : 1;
    for (int i = 0; i < count; i++) {
      long id = message.getLong();
      byte[] name = new byte[Byte.toUnsignedInt(message.get())];
      message.get(name);
      subscription = new String(name, StandardCharsets.US_ASCII).equals(topic) ? id : subscription;
    }
  }

  /** Returns the victim's subscription. */
  long subscription() {
    return subscription;
  }

  /** Announces a frame of the greatest length, and sends all of it but a few bytes. */
  void halfFrame() throws IOException {
    header(DATA, LONGEST_FRAME);
    out.write(new byte[LONGEST_FRAME - 10]);
    out.flush();
  }

  /** Has so many subscriptions, of the longest names. */
  void subscribe(int count, String prefix) throws IOException {
    for (int i = 0; i < count; i++) {
      byte[] topic = ascii((prefix + "/" + i + "/" + "t".repeat(255)).substring(0, 255));
      say(ByteBuffer.allocate(2 + 8 + 9 + topic.length)
          .put(new byte[] {PUBSUB_VERSION, 2})
          .putLong(i + 2)
          .putLong(i)
          .put((byte) topic.length)
          .put(topic)
          .array());
    }
    out.flush();
  }

  /** Begins a stream that ends at so many places; the last of them is the victim's own. */
  void stream(int stream, String topic, int places) throws IOException {
    ByteBuffer message = ByteBuffer.allocate(2 + 16 + topic.length() + places * 8)
        .put(new byte[] {PUBSUB_VERSION, 7})
        .putInt(stream)
        .putLong(1)
        .putShort((short) places)
        .put((byte) topic.length())
        .put(ascii(topic))
        .put((byte) 0); // the type is bytes
    for (int i = 1; i < places; i++) {
      message.putLong(-i);
    }
    say(message.putLong(subscription).array());
    out.flush();
  }

  /** Sends items of a stream, and minds no credit. */
  void items(int stream, int count, int bytes) throws IOException {
    ByteBuffer message = ByteBuffer.allocate(6 + count * (4 + bytes));
    message.put(new byte[] {PUBSUB_VERSION, 8}).putInt(stream);
    for (int i = 0; i < count; i++) {
      message.putInt(bytes).position(message.position() + bytes);
    }
    say(message.array());
    out.flush();
  }

  /** Publishes to so many places. */
  void publish(long number, int places, int bytes) throws IOException {
    ByteBuffer message = ByteBuffer.allocate(12 + places * 12 + bytes)
        .put(new byte[] {PUBSUB_VERSION, 5})
        .putLong(number)
        .putShort((short) places);
    for (int i = 0; i < places; i++) {
      message.putLong(i == 0 ? subscription : -i).putInt(i);
    }
    say(message.array());
    out.flush();
  }

  /** Says bytes as they are. */
  void raw(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  private void say(byte[] message) throws IOException {
    batch(theirChannel, message);
  }

  private void control(byte[] message) throws IOException {
    batch(0, message);
  }

  private void batch(int channel, byte[] message) throws IOException {
    header(DATA, 37 + 6 + message.length);
    out.write(ByteBuffer.allocate(37 + 6)
        .put((byte) BATCH)
        .putLong(otherLink)
        .putLong(0) // nothing is ever acknowledged
        .putLong(LINK)
        .putLong(++sequence)
        .putInt(1)
        .putShort((short) channel)
        .putInt(message.length)
        .array());
    out.write(message);
  }

  private void header(int type, int length) throws IOException {
    out.write(
        ByteBuffer.allocate(6).put((byte) 1).put((byte) type).putInt(length).array());
  }

  private ByteBuffer frame() throws IOException {
    byte[] header = new byte[6];
    in.readFully(header);
    byte[] frame = new byte[ByteBuffer.wrap(header).getInt(2)];
    in.readFully(frame);
    return ByteBuffer.wrap(frame);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
