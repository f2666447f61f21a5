package io.thole.tcpprovider;

import java.nio.ByteBuffer;

/**
 * Where the connections of a port open and seal TLS records, one at a time. It lies on the heap, where the JDK's ciphers are fast:
 * bytes outside they copy, a kibibyte at a time. Confined to the thread of the connections.
 */
final class TlsBuffers {
  /** The longest record that may come, and its header. RFC 8446, 5.2 */
  static final int RECORD_BYTES = TlsRecords.HEADER_BYTES + (1 << 14) + 256;

  /** What the JDK wants before it seals a record: it still reckons with the paddings of TLS 1.0. */
  private static final int SEALED_BYTES = 17 << 10;

  private final ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES);
  private final ByteBuffer sealed = ByteBuffer.allocate(SEALED_BYTES);
  private final ByteBuffer opened;

  /**
   * Makes them.
   *
   * @param readBytes how much is read at once: that much can be opened before it is handed on
   */
  TlsBuffers(int readBytes) {
    opened = ByteBuffer.allocate(readBytes + 2 * RECORD_BYTES);
  }

  /** Returns where a record that came is put together and opened. */
  ByteBuffer record() {
    return record.clear();
  }

  /** Returns where a record is sealed. */
  ByteBuffer sealed() {
    return sealed.clear();
  }

  /** Returns where what was in the records gathers. */
  ByteBuffer opened() {
    return opened.clear();
  }
}
