package io.thole.bench.micro;

import io.thole.pubsub.RecordCodec;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Records as messages: one with a text, numbers and a list of three records. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RecordBenchmark {
  /** A line of an order. */
  public record Line(String article, int count, double price) {}

  /** What is written and read. */
  public record Order(long id, String customer, List<Line> lines, boolean urgent) {}

  private static final Order ORDER = new Order(
      7,
      "harbour office",
      List.of(new Line("pin", 2, 0.5), new Line("oar", 1, 80.25), new Line("cap", 40, 3)),
      true);

  private final RecordCodec<Order> codec = RecordCodec.of("harbour/order", Order.class);
  private final byte[] bytes = codec.encode(ORDER);

  /** Writes it. */
  @Benchmark
  public byte[] writes() {
    return codec.encode(ORDER);
  }

  /** Reads it. */
  @Benchmark
  public Order reads() {
    return codec.decode(ByteBuffer.wrap(bytes));
  }
}
