package io.thole.bench.micro;

import io.thole.bench.EventsNode;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Events that a real node applies and tells eight subscribers. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class EventsBenchmark {
  private static final int SUBSCRIBERS = 8;

  private final EventsNode node = new EventsNode(SUBSCRIBERS);

  /** Publishes, and follows the slowest subscriber. */
  @Benchmark
  @OperationsPerInvocation(EventsNode.EVENTS)
  public void publishToEight() {
    node.publish();
  }

  /** Stops the node. */
  @TearDown
  public void stop() {
    node.settled();
    node.close();
  }
}
