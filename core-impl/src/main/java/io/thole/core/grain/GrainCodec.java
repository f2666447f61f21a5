package io.thole.core.grain;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.thole.api.Escaped;
import io.thole.api.NodeId;
import io.thole.api.grain.GrainId;
import io.thole.api.grain.GrainStatus;
import io.thole.core.grain.GrainMessage.Failed;
import io.thole.core.grain.GrainMessage.Live;
import io.thole.core.grain.GrainMessage.Refusal;
import io.thole.core.grain.GrainMessage.Refused;
import io.thole.core.grain.GrainMessage.Reply;
import io.thole.core.grain.GrainMessage.Request;
import io.thole.core.grain.GrainMessage.Survey;
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
      int chain = m.chain().stream().mapToInt(GrainCodec::bytes).sum();
      return 3 * Long.BYTES + bytes(m.id()) + 1 + chain + m.payload().length;
    } else if (message instanceof Reply m) {
      return m.payload().length;
    } else if (message instanceof Failed m) {
      return 2 * Short.BYTES + m.type().length() + m.message().length();
    } else if (message instanceof Refused) {
      return 1;
    } else if (message instanceof Survey) {
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
      m.chain().forEach(id -> put(target, id));
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
   * Reads a message.
   *
   * @param source from position to limit
   * @param sender whose it is
   * @return nothing if it is none; nothing is allocated then beyond the bytes that came
   */
  public static Optional<GrainMessage> decode(ByteBuffer source, NodeId sender) {
    try {
      if (source.get() != VERSION) {
        return Optional.empty();
      }
      GrainMessage message = body(source.get(), source.getLong(), source, sender);
      return source.hasRemaining() ? Optional.empty() : Optional.of(message);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return Optional.empty(); // bytes from a peer are input, and may be anything
    }
  }

  private static GrainMessage body(byte type, long number, ByteBuffer source, NodeId sender) {
    return switch (type) {
      case 1 -> request(number, source);
      case 2 -> new Reply(number, payload(source));
      case 3 -> new Failed(number, failure(source), failure(source));
      case 4 -> new Refused(number, refusal(source.get()));
      case 5 -> new Survey(number);
      case 6 -> live(number, source, sender);
      default -> throw new IllegalArgumentException("type " + type);
    };
  }

  private static Request request(long call, ByteBuffer source) {
    long remainingNanos = source.getLong();
    if (remainingNanos < 0 || remainingNanos > GrainRequest.TIMEOUT_LIMIT.toNanos()) {
      throw new IllegalArgumentException("remaining " + remainingNanos);
    }
    long owner = source.getLong();
    long view = source.getLong();
    GrainId id = id(source);
    int length = source.get();
    if (length < 0 || length > GrainRequest.CHAIN_LIMIT) {
      throw new IllegalArgumentException("chain of " + length);
    }
    List<GrainId> chain = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      chain.add(id(source));
    }
    return new Request(call, remainingNanos, owner, view, id, List.copyOf(chain), payload(source));
  }

  private static Live live(long number, ByteBuffer source, NodeId sender) {
    byte last = source.get();
    int count = source.getShort();
    if (last < 0 || last > 1 || count < 0 || count > LIVE_LIMIT) {
      throw new IllegalArgumentException("last " + last + ", count " + count);
    }
    List<GrainStatus> live = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      live.add(new GrainStatus(id(source), sender, Math.max(0, source.getLong())));
    }
    return new Live(number, last == 1, List.copyOf(live));
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

  private static GrainId id(ByteBuffer source) {
    return new GrainId(name(source), name(source));
  }

  private static String name(ByteBuffer source) {
    return new String(bytes(source, Byte.toUnsignedInt(source.get())), US_ASCII);
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
    target.put((byte) id.kind().length()).put(id.kind().getBytes(US_ASCII));
    target.put((byte) id.key().length()).put(id.key().getBytes(US_ASCII));
  }
}
