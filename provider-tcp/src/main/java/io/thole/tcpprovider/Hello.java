package io.thole.tcpprovider;

import io.thole.api.NodeId;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The frame by which a node says who it is: the cluster (1 byte of length, then ASCII) and its {@linkplain WireNode id}. The
 * version of all this is in the {@link FrameHeader}.
 *
 * @param cluster the name of its cluster
 * @param node its address and the number of its start, which is known
 */
record Hello(String cluster, NodeId node) {
  static final Pattern CLUSTER = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /**
   * Checks that others would read it.
   *
   * @throws IllegalArgumentException if the cluster has no valid name or the incarnation is unknown
   */
  Hello {
    if (!CLUSTER.matcher(cluster).matches() || node.incarnation() == NodeId.UNKNOWN) {
      throw new IllegalArgumentException("no hello: cluster " + cluster + ", node " + node);
    }
  }

  /** Returns the bytes of the frame, without its header. */
  byte[] encoded() {
    ByteBuffer frame = ByteBuffer.allocate(1 + cluster.length() + WireNode.bytes(node));
    WireNode.putText(cluster, frame);
    WireNode.put(node, frame);
    return frame.array();
  }

  /**
   * Reads a frame. Whatever the bytes are, this does not throw.
   *
   * @param frame the frame, to its limit
   * @return empty if it is no hello: truncated, too long, or with a name, host, port or incarnation that no node has
   */
  static Optional<Hello> decode(ByteBuffer frame) {
    Optional<String> cluster = WireNode.takeText(frame);
    Optional<NodeId> node = cluster.flatMap(name -> WireNode.take(frame));
    if (node.isEmpty() || frame.hasRemaining()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Hello(cluster.get(), node.get()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
