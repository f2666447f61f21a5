package io.thole.bench.micro;

import io.thole.api.Authority;
import io.thole.api.ClusterTopology;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The hash of a change of the cluster, by how many nodes came with it; one has left. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TopologyBenchmark {
  /** How many came. */
  @Param({"1", "100"})
  public int joined;

  private ClusterTopology topology = new ClusterTopology(List.of(), List.of(), 0);

  /** Makes the change. */
  @Setup
  public void change() {
    topology = new ClusterTopology(
        IntStream.rangeClosed(1, joined)
            .mapToObj(i -> new Authority("10.0.0." + i, 26_050))
            .toList(),
        List.of(new Authority("10.0.1.1", 26_050)),
        7);
  }

  /** Hashes it. */
  @Benchmark
  public long hash() {
    return topology.hash();
  }
}
