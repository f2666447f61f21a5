package io.thole.tcpprovider;

import io.thole.spi.Transport;
import java.util.Arrays;
import java.util.Optional;

/** What a frame is for, and so how long it may be. */
enum FrameType {
  /** Says who is there, and is read before anyone has proved anything: hence so short. */
  HELLO(1, 4 << 10),
  /** Carries what the parts of two nodes tell each other. */
  DATA(2, Transport.FRAME_LIMIT),
  /** Says that the sender has accepted the other side, and keeps this connection. */
  WELCOME(3, 0),
  /** Says that the sender closes the connection on purpose, and sends nothing more. */
  GOODBYE(4, 0),
  /** Says that there is another connection between the two, and that it is the one to keep. */
  REDUNDANT(5, 0);

  private final int code;
  private final int limit;

  FrameType(int code, int limit) {
    this.code = code;
    this.limit = limit;
  }

  /** Returns the number on the wire, 1 to 255; it never changes. */
  int code() {
    return code;
  }

  /** Returns the most bytes that may follow the header. */
  int limit() {
    return limit;
  }

  /** Returns the type with this number on the wire. */
  static Optional<FrameType> of(int code) {
    return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
  }
}
