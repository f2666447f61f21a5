package io.thole.spi;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/** Something that can be written into a frame. */
@ConsumerType
public interface Encodable {
  /** Returns how many bytes {@link #encode} will write. */
  int encodedBytes();

  /**
   * Writes itself from the target's position on, which is behind it afterwards.
   *
   * @param target has room for {@link #encodedBytes()}
   */
  void encode(ByteBuffer target);

  /** Returns this with another behind it, as one; nothing is encoded before that is. */
  default Encodable then(Encodable next) {
    Encodable first = this;
    return new Encodable() {
      @Override
      public int encodedBytes() {
        return first.encodedBytes() + next.encodedBytes();
      }

      @Override
      public void encode(ByteBuffer target) {
        first.encode(target);
        next.encode(target);
      }
    };
  }
}
