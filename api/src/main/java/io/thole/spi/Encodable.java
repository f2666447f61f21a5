package io.thole.spi;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/** Something that can be written into a frame. */
@ConsumerType
public interface Encodable {
  /** Returns how many bytes {@link #encode} will write. */
  int encodedBytes();

  /**
   * Writes itself.
   *
   * @param target has room for {@link #encodedBytes()}
   */
  void encode(ByteBuffer target);
}
