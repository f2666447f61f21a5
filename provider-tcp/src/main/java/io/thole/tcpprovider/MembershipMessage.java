package io.thole.tcpprovider;

import io.thole.api.NodeId;
import io.thole.spi.Encodable;
import io.thole.spi.TopologyPublisher;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What the providers of two nodes tell each other: the version (1 byte), the type (1), and what the type holds. None says
 * anything of its sender's name: that is known from the link.
 */
sealed interface MembershipMessage extends Encodable {
  /** The one version that there is. */
  int VERSION = 1;

  /** The most members in one message; with the longest names they stay far below the limit of a message. */
  int CHUNK = 1_000;

  /** How many bytes come before what the type holds. */
  int HEADER_BYTES = 2;

  /** Asks who is there. */
  record Join() implements MembershipMessage {
    private static final int TYPE = 1;

    @Override
    public int encodedBytes() {
      return HEADER_BYTES;
    }

    @Override
    public void encode(ByteBuffer target) {
      target.put((byte) VERSION).put((byte) TYPE);
    }
  }

  /**
   * Answers a {@link Join}: the view of the sender, or a part of it.
   *
   * @param last whether nothing more follows (1 byte)
   * @param members at most {@link #CHUNK} (2 bytes of count, then each as {@link WireNode} writes it)
   */
  record Welcome(boolean last, List<NodeId> members) implements MembershipMessage {
    private static final int TYPE = 2;

    /** Copies the members. */
    public Welcome {
      members = List.copyOf(members);
    }

    @Override
    public int encodedBytes() {
      return HEADER_BYTES + 1 + 2 + members.stream().mapToInt(WireNode::bytes).sum();
    }

    @Override
    public void encode(ByteBuffer target) {
      target.put((byte) VERSION).put((byte) TYPE);
      target.put((byte) (last ? 1 : 0)).putShort((short) members.size());
      members.forEach(member -> WireNode.put(member, target));
    }
  }

  /**
   * Returns the answer to a {@link Join}, in as many messages as it takes.
   *
   * @param view who is there; what is over {@link TopologyPublisher#LIMIT} is left out
   */
  static List<Welcome> welcome(Collection<NodeId> view) {
    List<NodeId> members = view.stream().limit(TopologyPublisher.LIMIT).toList();
    List<Welcome> messages = new ArrayList<>();
    int from = 0;
    do {
      int to = Math.min(from + CHUNK, members.size());
      messages.add(new Welcome(to == members.size(), members.subList(from, to)));
      from = to;
    } while (from < members.size());
    return messages;
  }

  /**
   * Reads a message. Whatever the bytes are, this does not throw.
   *
   * @param message the message, to its limit
   * @return empty if it is none: of another version or type, truncated, with bytes behind its end, or with a node that there
   *     cannot be
   */
  static Optional<MembershipMessage> decode(ByteBuffer message) {
    if (message.remaining() < HEADER_BYTES || message.get() != VERSION) {
      return Optional.empty();
    }
    Optional<MembershipMessage> read = switch (message.get()) {
      case Join.TYPE -> Optional.of(new Join());
      case Welcome.TYPE -> members(message);
      default -> Optional.empty();
    };
    return message.hasRemaining() ? Optional.empty() : read;
  }

  private static Optional<MembershipMessage> members(ByteBuffer message) {
    if (message.remaining() < 1 + 2) {
      return Optional.empty();
    }
    int last = message.get();
    int count = Short.toUnsignedInt(message.getShort());
    if (last < 0 || last > 1 || count > CHUNK) {
      return Optional.empty();
    }
    List<NodeId> members = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Optional<NodeId> member = WireNode.take(message);
      if (member.isEmpty()) {
        return Optional.empty();
      }
      members.add(member.get());
    }
    return Optional.of(new Welcome(last == 1, members));
  }
}
