package io.thole.core.gossip;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.spi.Encodable;
import io.thole.spi.TopologyPublisher;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one node knows, as it tells another: the version of all this (1 byte), how many members there are (4) and each of them,
 * how many have left (4) and each of these. A node is the length of its host (1), its host in ASCII, its port (2) and its
 * incarnation (8).
 *
 * @param members runs of nodes that are in the cluster
 * @param left runs of nodes that have left it, and never come back
 */
record HearsayMessage(List<NodeId> members, List<NodeId> left) implements Encodable {
  static final int VERSION = 1;

  /** The most nodes in either list: as many as a view may have. */
  static final int LIMIT = TopologyPublisher.LIMIT;

  private static final int LEAST_NODE_BYTES = 1 + 1 + 2 + 8;

  HearsayMessage {
    members = List.copyOf(members);
    left = List.copyOf(left);
  }

  @Override
  public int encodedBytes() {
    return 1 + bytes(members) + bytes(left);
  }

  @Override
  public void encode(ByteBuffer target) {
    target.put((byte) VERSION);
    write(members, target);
    write(left, target);
  }

  /**
   * Reads a message. Whatever the bytes are, this does not throw.
   *
   * @param message its bytes
   * @return empty if it makes no sense
   */
  static Optional<HearsayMessage> decode(ByteBuffer message) {
    if (!message.hasRemaining() || message.get() != VERSION) {
      return Optional.empty();
    }
    Optional<List<NodeId>> members = read(message);
    Optional<List<NodeId>> left = members.flatMap(some -> read(message));
    return left.isPresent() && !message.hasRemaining()
        ? Optional.of(new HearsayMessage(members.get(), left.get()))
        : Optional.empty();
  }

  private static int bytes(List<NodeId> nodes) {
    return 4
        + nodes.stream()
            .mapToInt(id -> 1 + id.authority().host().length() + 2 + 8)
            .sum();
  }

  private static void write(List<NodeId> nodes, ByteBuffer target) {
    target.putInt(nodes.size());
    for (NodeId id : nodes) {
      byte[] host = id.authority().host().getBytes(StandardCharsets.US_ASCII);
      target
          .put((byte) host.length)
          .put(host)
          .putShort((short) id.authority().port())
          .putLong(id.incarnation());
    }
  }

  private static Optional<List<NodeId>> read(ByteBuffer message) {
    int count = message.remaining() < 4 ? -1 : message.getInt();
    if (count < 0 || count > LIMIT || count > message.remaining() / LEAST_NODE_BYTES) {
      return Optional.empty();
    }
    List<NodeId> nodes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length = message.hasRemaining() ? Byte.toUnsignedInt(message.get()) : Integer.MAX_VALUE;
      if (message.remaining() < 2 + 8 || length > message.remaining() - 2 - 8) {
        return Optional.empty();
      }
      byte[] host = new byte[length];
      message.get(host);
      int port = Short.toUnsignedInt(message.getShort());
      long incarnation = message.getLong();
      try {
        nodes.add(new NodeId(
            new Authority(new String(host, StandardCharsets.US_ASCII), port), incarnation));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
    return Optional.of(nodes);
  }
}
