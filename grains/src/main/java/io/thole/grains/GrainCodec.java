package io.thole.grains;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.thole.api.Escaped;
import io.thole.api.NodeId;
import io.thole.api.grain.GrainId;
import io.thole.api.grain.GrainStatus;
import io.thole.grains.GrainMessage.Closing;
import io.thole.grains.GrainMessage.Failed;
import io.thole.grains.GrainMessage.Heeded;
import io.thole.grains.GrainMessage.Live;
import io.thole.grains.GrainMessage.Refusal;
import io.thole.grains.GrainMessage.Refused;
import io.thole.grains.GrainMessage.Reply;
import io.thole.grains.GrainMessage.Request;
import io.thole.grains.GrainMessage.Survey;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Grain messages as bytes, big-endian: the version, the type, the number of the call or survey, and then
 *
 * <pre>
 * 1 request   remaining nanoseconds (8), the owner's incarnation (8), the caller's view (8), kind, key,
 *             count of the chain (1), kind and key of each, payload to the end
 * 2 reply     payload to the end
 * 3 failed    length (2) and text of the type, length (2) and text of the message
 * 4 refused   the refusal (1)
 * 5 survey    nothing
 * 6 live      1 if last, else 0 (1), count (2), for each: kind, key, idle nanoseconds (8)
 * 7 closing   nothing
 * 8 heeded    nothing
 * </pre>
 *
 * A kind or a key is its length (1) and its characters. All text is ASCII. Whatever else arrives is no message.
 */
public final class GrainCodec {
  /** How many activations fit into one message: with the longest names a quarter of what a message may hold. */
  public static final int LIVE_LIMIT = 500;

  /** The most characters of what a grain threw: type and message each. */
  public static final int FAILURE_LIMIT = 1 << 10;

  private static final byte VERSION = 2;
  private static final int HEADER_BYTES = 2 + Long.BYTES;

  private GrainCodec() {}

  /** Returns what a grain threw, made harmless and short enough to be told; what is so already stays as it is. */
  public static String harmless(String foreign) {
    String whole = Escaped.plain(foreign, FAILURE_LIMIT);
    return whole.length() <= FAILURE_LIMIT
        ? whole
        : Escaped.plain(foreign, FAILURE_LIMIT - "...".length());
  }

  static int encodedBytes(GrainMessage message) {
    return HEADER_BYTES + bodyBytes(message);
  }

  private static int bodyBytes(GrainMessage message) {
    if (message instanceof Request m) {
      int chain = 0;
      for (GrainId id : m.chain()) {
        chain += bytes(id);
      }
      return 3 * Long.BYTES + bytes(m.id()) + 1 + chain + m.payload().length;
    } else if (message instanceof Reply m) {
      return m.payload().length;
    } else if (message instanceof Failed m) {
      return 2 * Short.BYTES + m.type().length() + m.message().length();
    } else if (message instanceof Refused) {
      return 1;
    } else if (message instanceof Survey
        || message instanceof Closing
        || message instanceof Heeded) {
      return 0;
    } else if (message instanceof Live m) {
      return 1
          + Short.BYTES
          + m.live().stream()
              .mapToInt(status -> bytes(status.id()) + Long.BYTES)
              .sum();
    }
    throw new AssertionError("a message without a form: " + message.getClass());
  }

  static void encode(GrainMessage message, ByteBuffer target) {
    target.put(VERSION);
    if (message instanceof Request m) {
      target.put((byte) 1).putLong(m.call()).putLong(m.remainingNanos());
      target.putLong(m.owner()).putLong(m.view());
      put(target, m.id());
      target.put((byte) m.chain().size());
      for (GrainId id : m.chain()) {
        put(target, id);
      }
      target.put(m.payload());
    } else if (message instanceof Reply m) {
      target.put((byte) 2).putLong(m.call()).put(m.payload());
    } else if (message instanceof Failed m) {
      target.put((byte) 3).putLong(m.call());
      target.putShort((short) m.type().length()).put(m.type().getBytes(US_ASCII));
      target.putShort((short) m.message().length()).put(m.message().getBytes(US_ASCII));
    } else if (message instanceof Refused m) {
      target.put((byte) 4).putLong(m.call()).put(m.refusal().code);
    } else if (message instanceof Survey m) {
      target.put((byte) 5).putLong(m.number());
    } else if (message instanceof Closing) {
      target.put((byte) 7).putLong(0);
    } else if (message instanceof Heeded) {
      target.put((byte) 8).putLong(0);
    } else if (message instanceof Live m) {
      target.put((byte) 6).putLong(m.number()).put((byte) (m.last() ? 1 : 0));
      target.putShort((short) m.live().size());
      m.live().forEach(status -> {
        put(target, status.id());
        target.putLong(status.idleNanos());
      });
    } else {
      throw new AssertionError("a message without a form: " + message.getClass());
    }
  }

  /**
   * Reads a message, all names anew.
   *
   * @param source from position to limit
   * @param sender whose it is
   * @return nothing if it is none; nothing is allocated then beyond the bytes that came
   */
  public static Optional<GrainMessage> decode(ByteBuffer source, NodeId sender) {
    return decode(source, sender, new KnownIds());
  }

  /**
   * Reads a message.
   *
   * @param source from position to limit
   * @param sender whose it is
   * @param known the names that need not be read anew
   * @return nothing if it is none; nothing is allocated then beyond the bytes that came
   */
  public static Optional<GrainMessage> decode(ByteBuffer source, NodeId sender, KnownIds known) {
    try {
      if (source.get() != VERSION) {
        return Optional.empty();
      }
      GrainMessage message = body(source.get(), source.getLong(), source, sender, known);
      return source.hasRemaining() ? Optional.empty() : Optional.of(message);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return Optional.empty(); // bytes from a peer are input, and may be anything
    }
  }

  private static GrainMessage body(
      byte type, long number, ByteBuffer source, NodeId sender, KnownIds known) {
    return switch (type) {
      case 1 -> request(number, source, known);
      case 2 -> new Reply(number, payload(source));
      case 3 -> new Failed(number, failure(source), failure(source));
      case 4 -> new Refused(number, refusal(source.get()));
      case 5 -> new Survey(number);
      case 6 -> live(number, source, sender, known);
      case 7 -> unnumbered(number, new Closing());
      case 8 -> unnumbered(number, new Heeded());
      default -> throw new IllegalArgumentException("type " + type);
    };
  }

  private static Request request(long call, ByteBuffer source, KnownIds known) {
    long remainingNanos = source.getLong();
    if (remainingNanos < 0 || remainingNanos > GrainRequest.TIMEOUT_LIMIT.toNanos()) {
      throw new IllegalArgumentException("remaining " + remainingNanos);
    }
    long owner = source.getLong();
    long view = source.getLong();
    GrainId id = known.read(source);
    int length = source.get();
    if (length < 0 || length > GrainRequest.CHAIN_LIMIT) {
      throw new IllegalArgumentException("chain of " + length);
    }
    List<GrainId> chain = length == 0 ? List.of() : chain(source, length, known);
    return new Request(call, remainingNanos, owner, view, id, chain, payload(source));
  }

  private static List<GrainId> chain(ByteBuffer source, int length, KnownIds known) {
    List<GrainId> chain = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      chain.add(known.read(source));
    }
    return List.copyOf(chain);
  }

  private static Live live(long number, ByteBuffer source, NodeId sender, KnownIds known) {
    byte last = source.get();
    int count = source.getShort();
    if (last < 0 || last > 1 || count < 0 || count > LIVE_LIMIT) {
      throw new IllegalArgumentException("last " + last + ", count " + count);
    }
    List<GrainStatus> live = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      live.add(new GrainStatus(known.read(source), sender, Math.max(0, source.getLong())));
    }
    return new Live(number, last == 1, List.copyOf(live));
  }

  private static GrainMessage unnumbered(long number, GrainMessage message) {
    if (number != 0) {
      throw new IllegalArgumentException("number " + number);
    }
    return message;
  }

  private static Refusal refusal(byte code) {
    return Arrays.stream(Refusal.values())
        .filter(refusal -> refusal.code == code)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("refusal " + code));
  }

  private static byte[] payload(ByteBuffer source) {
    if (source.remaining() > GrainRequest.PAYLOAD_LIMIT) {
      throw new IllegalArgumentException("payload of " + source.remaining());
    }
    return bytes(source, source.remaining());
  }

  private static String failure(ByteBuffer source) {
    // foreign text, whatever the other side has made of it
    return harmless(new String(bytes(source, Short.toUnsignedInt(source.getShort())), US_ASCII));
  }

  private static byte[] bytes(ByteBuffer source, int length) {
    if (length > source.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    source.get(bytes);
    return bytes;
  }

  private static int bytes(GrainId id) {
    return 2 + id.kind().length() + id.key().length();
  }

  private static void put(ByteBuffer target, GrainId id) {
    put(target, id.kind());
    put(target, id.key());
  }

  private static void put(ByteBuffer target, String name) {
    target.put((byte) name.length());
    for (int i = 0; i < name.length(); i++) {
      target.put((byte) name.charAt(i)); // ASCII, by the grammar
    }
  }
}
