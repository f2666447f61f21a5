package io.thole.gossip;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.gossip.GossipMessage.Ack;
import io.thole.gossip.GossipMessage.Agreed;
import io.thole.gossip.GossipMessage.Body;
import io.thole.gossip.GossipMessage.Buckets;
import io.thole.gossip.GossipMessage.Digest;
import io.thole.gossip.GossipMessage.Nack;
import io.thole.gossip.GossipMessage.Ping;
import io.thole.gossip.GossipMessage.ProbeRequest;
import io.thole.gossip.GossipMessage.Rumors;
import io.thole.gossip.Update.Accuser;
import io.thole.gossip.Update.Claim;
import io.thole.spi.TopologyPublisher;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The bytes of gossip, big-endian: the version of all this (1), what the message is for (1), the sender's refutation (4) and the
 * hash of its view (8); the body; how many updates follow (4), and these. An update is its claim (1), its node, the refutation (4),
 * how many accusers (1), and for each what it has seen (1: 0 silence, 1 a closed port) and its node. A node is the length of its
 * host (1), the host in ASCII, its port (2) and its incarnation (8).
 */
final class GossipCodec {
  static final int VERSION = 2; // 1 was hearsay: members and those who had left

  static final int HEADER_BYTES = 1 + 1 + 4 + 8 + 4;

  /** The most updates of a message: all members and all tombstones of the fullest view. */
  static final int MOST_UPDATES = 2 * TopologyPublisher.LIMIT;

  private static final int LEAST_NODE_BYTES = 1 + 1 + 2 + 8;
  private static final int LEAST_UPDATE_BYTES = 1 + LEAST_NODE_BYTES + 4 + 1;
  private static final int MOST_WORDS = TopologyPublisher.LIMIT / 64 + 1;

  private GossipCodec() {}

  static int bodyBytes(Body body) {
    if (body instanceof Ping || body instanceof Ack || body instanceof Nack) {
      return 4;
    } else if (body instanceof ProbeRequest request) {
      return 4 + Update.nodeBytes(request.target());
    } else if (body instanceof Rumors) {
      return 0;
    } else if (body instanceof Digest) {
      return 8 * Digests.BUCKETS;
    } else if (body instanceof Buckets) {
      return 8 + 1;
    } else if (body instanceof Agreed agreed) {
      return 8 + 2 + 8 * agreed.words().size();
    }
    throw new AssertionError("no such body: " + body);
  }

  static void encode(GossipMessage message, ByteBuffer target) {
    target.put((byte) VERSION).put((byte) type(message.body()));
    target.putInt(message.refutation()).putLong(message.viewHash());
    writeBody(message.body(), target);
    target.putInt(message.updates().size());
    for (Update update : message.updates()) {
      target.put((byte) claimByte(update.claim()));
      writeNode(update.node(), target);
      target.putInt(update.refutation()).put((byte) update.accusers().size());
      for (Accuser accuser : update.accusers()) {
        target.put((byte) (accuser.gone() ? 1 : 0));
        writeNode(accuser.node(), target);
      }
    }
  }

  static Optional<GossipMessage> decode(ByteBuffer bytes) {
    try {
      return Optional.of(read(bytes));
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return Optional.empty(); // what a peer sends is input
    }
  }

  private static int type(Body body) {
    if (body instanceof Ping) {
      return 1;
    } else if (body instanceof Ack) {
      return 2;
    } else if (body instanceof Nack) {
      return 3;
    } else if (body instanceof ProbeRequest) {
      return 4;
    } else if (body instanceof Rumors) {
      return 5;
    } else if (body instanceof Digest) {
      return 6;
    } else if (body instanceof Buckets) {
      return 7;
    } else if (body instanceof Agreed) {
      return 8;
    }
    throw new AssertionError("no such body: " + body);
  }

  private static void writeBody(Body body, ByteBuffer target) {
    if (body instanceof Ping ping) {
      target.putInt(ping.sequence());
    } else if (body instanceof Ack ack) {
      target.putInt(ack.sequence());
    } else if (body instanceof Nack nack) {
      target.putInt(nack.sequence());
    } else if (body instanceof ProbeRequest request) {
      target.putInt(request.sequence());
      writeNode(request.target(), target);
    } else if (body instanceof Digest digest) {
      digest.buckets().forEach(target::putLong);
    } else if (body instanceof Buckets buckets) {
      target.putLong(buckets.mask()).put((byte) (buckets.answer() ? 1 : 0));
    } else if (body instanceof Agreed agreed) {
      target.putLong(agreed.view()).putShort((short) agreed.words().size());
      agreed.words().forEach(target::putLong);
    }
  }

  private static int claimByte(Claim claim) {
    return switch (claim) {
      case ALIVE -> 0;
      case SUSPECT -> 1;
      case DEAD -> 2;
      case LEFT -> 3;
    };
  }

  private static Claim claim(int claimByte) {
    return switch (claimByte) {
      case 0 -> Claim.ALIVE;
      case 1 -> Claim.SUSPECT;
      case 2 -> Claim.DEAD;
      case 3 -> Claim.LEFT;
      default -> throw new IllegalArgumentException("claim " + claimByte);
    };
  }

  private static void writeNode(NodeId node, ByteBuffer target) {
    byte[] host = node.authority().host().getBytes(StandardCharsets.US_ASCII);
    target
        .put((byte) host.length)
        .put(host)
        .putShort((short) node.authority().port())
        .putLong(node.incarnation());
  }

  private static GossipMessage read(ByteBuffer bytes) {
    expect(bytes.get() == VERSION);
    int type = bytes.get();
    int refutation = bytes.getInt();
    expect(refutation >= 0);
    long viewHash = bytes.getLong();
    Body body = readBody(type, bytes);
    int count = bytes.getInt();
    expect(count >= 0 && count <= MOST_UPDATES);
    expect(count <= bytes.remaining() / LEAST_UPDATE_BYTES);
    List<Update> updates = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      updates.add(readUpdate(bytes));
    }
    expect(!bytes.hasRemaining());
    return new GossipMessage(refutation, viewHash, body, updates);
  }

  private static Body readBody(int type, ByteBuffer bytes) {
    return switch (type) {
      case 1 -> new Ping(bytes.getInt());
      case 2 -> new Ack(bytes.getInt());
      case 3 -> new Nack(bytes.getInt());
      case 4 -> new ProbeRequest(bytes.getInt(), readNode(bytes));
      case 5 -> new Rumors();
      case 6 -> new Digest(readWords(Digests.BUCKETS, bytes));
      case 7 -> new Buckets(bytes.getLong(), readFlag(bytes));
      case 8 -> {
        long view = bytes.getLong();
        int words = bytes.getShort();
        expect(words >= 0 && words <= MOST_WORDS);
        yield new Agreed(view, readWords(words, bytes));
      }
      default -> throw new IllegalArgumentException("type " + type);
    };
  }

  private static List<Long> readWords(int count, ByteBuffer bytes) {
    expect(count <= bytes.remaining() / Long.BYTES);
    List<Long> words = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      words.add(bytes.getLong());
    }
    return words;
  }

  private static boolean readFlag(ByteBuffer bytes) {
    byte flag = bytes.get();
    expect(flag == 0 || flag == 1);
    return flag == 1;
  }

  private static Update readUpdate(ByteBuffer bytes) {
    Claim claim = claim(bytes.get());
    NodeId node = readNode(bytes);
    int refutation = bytes.getInt();
    int count = bytes.get();
    expect(refutation >= 0 && count >= 0 && count <= Suspicion.MOST_ACCUSERS);
    List<Accuser> accusers = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      boolean gone = readFlag(bytes);
      accusers.add(new Accuser(readNode(bytes), gone));
    }
    return new Update(claim, node, refutation, accusers);
  }

  private static NodeId readNode(ByteBuffer bytes) {
    int length = Byte.toUnsignedInt(bytes.get());
    expect(length <= bytes.remaining());
    byte[] host = new byte[length];
    bytes.get(host);
    int port = Short.toUnsignedInt(bytes.getShort());
    long incarnation = bytes.getLong();
    return new NodeId(
        new Authority(new String(host, StandardCharsets.US_ASCII), port), incarnation);
  }

  private static void expect(boolean sound) {
    if (!sound) {
      throw new IllegalArgumentException("malformed");
    }
  }
}
