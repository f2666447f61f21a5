package io.thole.bench.micro;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A link in memory: messages of 100 bytes are appended, written as one frame, read, and acknowledged. One operation is one
 * message, or one item of a run.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LinkBenchmark {
  private static final int MESSAGES = 64;
  private static final Bytes MESSAGE = new Bytes(new byte[100]);
  private static final Bytes BEGINS = new Bytes(new byte[6]); // as a stream's messages do

  private final LinkEnd here = new LinkEnd(1);
  private final LinkEnd there = new LinkEnd(2);

  /** Opens the link. */
  @Setup
  public void connect() {
    here.connect(there);
  }

  /** Messages, each with a header of its own. */
  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public long messages() {
    for (int i = 0; i < MESSAGES; i++) {
      here.offer(MESSAGE);
    }
    return carried();
  }

  /** Items, all in one message. */
  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public long itemsOfARun() {
    for (int i = 0; i < MESSAGES; i++) {
      here.append(BEGINS, MESSAGE);
    }
    return carried();
  }

  private long carried() {
    long before = there.bytes();
    here.write();
    there.acknowledge();
    if (here.waiting() != 0 || there.bytes() - before < (long) MESSAGES * MESSAGE.encodedBytes()) {
      throw new IllegalStateException(
          (there.bytes() - before) + " bytes came, and " + here.waiting() + " wait");
    }
    return there.messages();
  }
}
