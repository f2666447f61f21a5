package io.thole.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a payload or a request says: {@code load RUN SEQUENCE}, a space, and dots up to the size that is wanted.
 *
 * @param run the run that published or called
 * @param sequence which one of that run
 */
record LoadMessage(String run, long sequence) {
  private static final int HEAD_LIMIT = 128;
  private static final Pattern HEAD = Pattern.compile("load ([a-z0-9-]{1,64}) ([0-9]{1,18}) \\.*");

  /** Returns it in as many bytes as are wanted, or as many as it needs. */
  byte[] encode(int bytes) {
    byte[] head = ("load " + run + " " + sequence + " ").getBytes(US_ASCII);
    byte[] payload = Arrays.copyOf(head, Math.max(head.length, bytes));
    Arrays.fill(payload, head.length, payload.length, (byte) '.');
    return payload;
  }

  /** Reads one; empty where it is somebody else's. */
  static Optional<LoadMessage> decode(byte[] payload) {
    Matcher head =
        HEAD.matcher(new String(payload, 0, Math.min(payload.length, HEAD_LIMIT), US_ASCII));
    return head.matches()
        ? Optional.of(new LoadMessage(head.group(1), Long.parseLong(head.group(2))))
        : Optional.empty();
  }
}
