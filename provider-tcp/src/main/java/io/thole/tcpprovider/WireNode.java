package io.thole.tcpprovider;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A node id on the wire: the host (1 byte of length, then ASCII), the port (2 bytes) and the incarnation (8). */
final class WireNode {
  private static final int NUMBERS = 2 + 8;

  private WireNode() {}

  /** Returns how many bytes {@link #put} will write. */
  static int bytes(NodeId node) {
    return 1 + node.authority().host().length() + NUMBERS;
  }

  /**
   * Writes a node id.
   *
   * @param target has room for it
   */
  static void put(NodeId node, ByteBuffer target) {
    putText(node.authority().host(), target);
    target.putShort((short) node.authority().port()).putLong(node.incarnation());
  }

  /**
   * Reads a node id. Whatever the bytes are, this does not throw.
   *
   * @param source is read up to the end of the id
   * @return empty if it is truncated, or has a host, port or incarnation that no node has
   */
  static Optional<NodeId> take(ByteBuffer source) {
    Optional<String> host = takeText(source);
    if (host.isEmpty() || source.remaining() < NUMBERS) {
      return Optional.empty();
    }
    int port = Short.toUnsignedInt(source.getShort());
    long incarnation = source.getLong();
    try {
      Authority authority = new Authority(host.get(), port);
      return authority.host().equals(host.get()) // in its normal form, else one node has two names
          ? Optional.of(new NodeId(authority, incarnation))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Writes a text of at most 255 characters.
   *
   * @param ascii in ASCII
   */
  static void putText(String ascii, ByteBuffer target) {
    target.put((byte) ascii.length()).put(ascii.getBytes(StandardCharsets.US_ASCII));
  }

  /** Reads what {@link #putText} wrote, or nothing that is truncated. */
  static Optional<String> takeText(ByteBuffer source) {
    int length = source.hasRemaining() ? Byte.toUnsignedInt(source.get()) : Integer.MAX_VALUE;
    if (length > source.remaining()) {
      return Optional.empty();
    }
    byte[] bytes = new byte[length];
    source.get(bytes);
    return Optional.of(new String(bytes, StandardCharsets.US_ASCII));
  }
}
