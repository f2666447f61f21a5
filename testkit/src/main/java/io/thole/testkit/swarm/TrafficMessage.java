package io.thole.testkit.swarm;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What a message of the traffic says: who sent it, and which one it is; the rest of it follows from that, so that a byte that
 * changed on its way is seen.
 *
 * @param client the number of the client
 * @param scope the number of that which is counted there
 * @param sequence its number in that
 */
record TrafficMessage(int client, int scope, long sequence) {
  /** What it takes at least. */
  static final int BYTES = 2 * Integer.BYTES + Long.BYTES;

  /** How much is looked at of a long one, at its beginning and at its end. */
  private static final int CHECKED_BYTES = 256;

  /**
   * Returns it as a payload.
   *
   * @param bytes how long it is to be, if it can be that short
   */
  byte[] payload(int bytes) {
    ByteBuffer payload = ByteBuffer.allocate(Math.max(BYTES, bytes));
    payload.putInt(client).putInt(scope).putLong(sequence);
    while (payload.hasRemaining()) {
      payload.put(filling(payload.position(), payload.capacity()));
    }
    return payload.array();
  }

  /** Reads a payload; nothing if it is not what was sent. */
  static Optional<TrafficMessage> read(ByteBuffer payload) {
    int bytes = payload.remaining();
    if (bytes < BYTES) {
      return Optional.empty();
    }
    TrafficMessage read =
        new TrafficMessage(payload.getInt(0), payload.getInt(Integer.BYTES), payload.getLong(8));
    for (int at = BYTES; at < bytes; at++) {
      if (at == BYTES + CHECKED_BYTES) {
        at = Math.max(at, bytes - CHECKED_BYTES);
      }
      if (payload.get(at) != read.filling(at, bytes)) {
        return Optional.empty();
      }
    }
    return Optional.of(read);
  }

  private byte filling(int at, int bytes) {
    return (byte) (at * 31 + bytes + sequence * 7 + scope);
  }
}
