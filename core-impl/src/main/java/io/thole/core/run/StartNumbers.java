package io.thole.core.run;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * The incarnations of a node: 42 bits of the time of the start in milliseconds, then 22 random ones, so that a later start
 * has the larger number and two starts in one millisecond differ. A counter that begins at 0 is how others resurrect the
 * dead.
 */
public final class StartNumbers implements LongSupplier {
  private static final int RANDOM_BITS = 22;

  private long last;

  @Override
  public synchronized long getAsLong() {
    long random = ThreadLocalRandom.current().nextLong(1L << RANDOM_BITS);
    last =
        Math.max(last + 1, (System.currentTimeMillis() << RANDOM_BITS | random) & Long.MAX_VALUE);
    return last;
  }
}
