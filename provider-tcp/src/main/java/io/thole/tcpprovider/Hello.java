package io.thole.tcpprovider;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The frame by which a node says who it is: the cluster (1 byte of length, then ASCII), the host (the same), the port (2
 * bytes) and the incarnation (8). The version of all this is in the {@link FrameHeader}.
 *
 * @param cluster the name of its cluster
 * @param node its address and the number of its start, which is known
 */
record Hello(String cluster, NodeId node) {
  private static final Pattern CLUSTER = Pattern.compile("[A-Za-z0-9._-]{1,64}");

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
    byte[] name = cluster.getBytes(StandardCharsets.US_ASCII);
    byte[] host = node.authority().host().getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(1 + name.length + 1 + host.length + 2 + 8)
        .put((byte) name.length)
        .put(name)
        .put((byte) host.length)
        .put(host)
        .putShort((short) node.authority().port())
        .putLong(node.incarnation())
        .array();
  }

  /**
   * Reads a frame. Whatever the bytes are, this does not throw.
   *
   * @param frame the frame, to its limit
   * @return empty if it is no hello: truncated, too long, or with a name, host, port or incarnation that no node has
   */
  static Optional<Hello> decode(ByteBuffer frame) {
    Optional<String> cluster = text(frame);
    Optional<String> host = text(frame);
    if (cluster.isEmpty() || host.isEmpty() || frame.remaining() != 2 + 8) {
      return Optional.empty();
    }
    int port = Short.toUnsignedInt(frame.getShort());
    long incarnation = frame.getLong();
    try {
      Authority authority = new Authority(host.get(), port);
      return authority.host().equals(host.get()) // in its normal form, else one node has two names
          ? Optional.of(new Hello(cluster.get(), new NodeId(authority, incarnation)))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> text(ByteBuffer frame) {
    int length = frame.hasRemaining() ? Byte.toUnsignedInt(frame.get()) : Integer.MAX_VALUE;
    if (length > frame.remaining()) {
      return Optional.empty();
    }
    byte[] bytes = new byte[length];
    frame.get(bytes);
    return Optional.of(new String(bytes, StandardCharsets.US_ASCII));
  }
}
