package io.thole.core.link;

import io.thole.api.NodeId;
import io.thole.api.StartupMode;
import io.thole.spi.Encodable;
import io.thole.spi.Peer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What two links tell each other in order with all else, on channel 0; the first byte is the type.
 *
 * <ul>
 *   <li>DESCRIBE (1): the mode (1 byte: 0 member, 1 client), how many kinds there are (2), and each with its length (2) and
 *       its name, in ASCII.
 *   <li>OPENED (2): the number by which the sender knows a channel (2), and its name, in ASCII.
 *   <li>CLOSED (3): that number.
 *   <li>LEAVING (4): the sender leaves the cluster. It speaks for nobody else.
 * </ul>
 */
public sealed interface LinkMessage extends Encodable {
  /** The channel of these messages. */
  int CHANNEL = 0;

  /** The most kinds that a node may have. */
  int MOST_KINDS = 1_000;

  /** What a channel may be called. */
  Pattern NAME = Pattern.compile("[a-z0-9.-]{1,64}");

  /**
   * A node describes itself.
   *
   * @param mode how it takes part
   * @param kinds the kinds that it hosts
   */
  record Description(StartupMode mode, List<String> kinds) implements LinkMessage {
    static final int TYPE = 1;
    private static final int MEMBER = 0;
    private static final int CLIENT = 1;
    private static final Pattern KIND = Pattern.compile("[A-Za-z0-9._/-]{1,255}");

    /** Copies the kinds. */
    public Description {
      kinds = List.copyOf(kinds);
    }

    /** Returns the peer that describes itself so. */
    public Peer peer(NodeId id) {
      return new Peer(id, mode, kinds);
    }

    @Override
    public int encodedBytes() {
      return 1 + 1 + 2 + kinds.stream().mapToInt(kind -> 2 + kind.length()).sum();
    }

    @Override
    public void encode(ByteBuffer target) {
      target
          .put((byte) TYPE)
          .put((byte) (mode == StartupMode.CLIENT ? CLIENT : MEMBER))
          .putShort((short) kinds.size());
      kinds.forEach(kind ->
          target.putShort((short) kind.length()).put(kind.getBytes(StandardCharsets.US_ASCII)));
    }

    private static Optional<LinkMessage> decode(ByteBuffer message) {
      if (message.remaining() < 3) {
        return Optional.empty();
      }
      int mode = message.get();
      int count = Short.toUnsignedInt(message.getShort());
      if ((mode != MEMBER && mode != CLIENT) || count > MOST_KINDS) {
        return Optional.empty();
      }
      List<String> kinds = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        if (message.remaining() < 2) {
          return Optional.empty();
        }
        Optional<String> kind = text(message, Short.toUnsignedInt(message.getShort()), KIND);
        if (kind.isEmpty()) {
          return Optional.empty();
        }
        kinds.add(kind.get());
      }
      return message.hasRemaining()
          ? Optional.empty()
          : Optional.of(
              new Description(mode == CLIENT ? StartupMode.CLIENT : StartupMode.MEMBER, kinds));
    }
  }

  /**
   * A channel was opened.
   *
   * @param number the sender's number of it, 1 to 65,535
   * @param name its name
   */
  record Opened(int number, String name) implements LinkMessage {
    static final int TYPE = 2;

    @Override
    public int encodedBytes() {
      return 1 + 2 + name.length();
    }

    @Override
    public void encode(ByteBuffer target) {
      target
          .put((byte) TYPE)
          .putShort((short) number)
          .put(name.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /**
   * A channel was closed.
   *
   * @param number the sender's number of it
   */
  record Closed(int number) implements LinkMessage {
    static final int TYPE = 3;

    @Override
    public int encodedBytes() {
      return 1 + 2;
    }

    @Override
    public void encode(ByteBuffer target) {
      target.put((byte) TYPE).putShort((short) number);
    }
  }

  /** A node leaves the cluster. */
  record Leaving() implements LinkMessage {
    static final int TYPE = 4;

    @Override
    public int encodedBytes() {
      return 1;
    }

    @Override
    public void encode(ByteBuffer target) {
      target.put((byte) TYPE);
    }
  }

  /**
   * Reads a message. Whatever the bytes are, this does not throw.
   *
   * @param message its bytes
   * @return empty if it makes no sense
   */
  static Optional<LinkMessage> decode(ByteBuffer message) {
    if (!message.hasRemaining()) {
      return Optional.empty();
    }
    return switch (message.get()) {
      case Description.TYPE -> Description.decode(message);
      case Opened.TYPE ->
        number(message)
            .flatMap(number ->
                text(message, message.remaining(), NAME).map(name -> new Opened(number, name)));
      case Closed.TYPE ->
        number(message).filter(number -> !message.hasRemaining()).map(Closed::new);
      case Leaving.TYPE -> message.hasRemaining() ? Optional.empty() : Optional.of(new Leaving());
      default -> Optional.empty();
    };
  }

  private static Optional<Integer> number(ByteBuffer message) {
    int number = message.remaining() < 2 ? 0 : Short.toUnsignedInt(message.getShort());
    return number == 0 ? Optional.empty() : Optional.of(number);
  }

  private static Optional<String> text(ByteBuffer message, int length, Pattern grammar) {
    if (length > message.remaining() || length > 255) {
      return Optional.empty();
    }
    byte[] bytes = new byte[length];
    message.get(bytes);
    return Optional.of(new String(bytes, StandardCharsets.US_ASCII))
        .filter(text -> grammar.matcher(text).matches());
  }
}
