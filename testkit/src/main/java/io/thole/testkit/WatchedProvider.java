package io.thole.testkit;

import io.thole.spi.ClusterProvider;
import io.thole.spi.PartContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The author's provider, with a record of its runs and of how long it took. */
final class WatchedProvider implements ClusterProvider {
  private final ClusterProvider provider;
  private final List<WatchedContext> runs = new ArrayList<>();
  private Runnable duringShutdown = () -> {};
  private long slowestNanos;
  private @Nullable Throwable failure;

  WatchedProvider(ClusterProvider provider) {
    this.provider = provider;
  }

  /** Has something done right before and right after the provider shuts down. */
  void duringShutdown(Runnable disturbance) {
    duringShutdown = disturbance;
  }

  /** Returns what the latest run was given. */
  WatchedContext latestRun() {
    return runs.get(runs.size() - 1);
  }

  /** Returns what was told after the end of a run, of any. */
  List<String> late() {
    return runs.stream().flatMap(run -> run.late().stream()).toList();
  }

  /** Returns how long the slowest start or shutdown took, in real time. */
  Duration slowest() {
    return Duration.ofNanos(slowestNanos);
  }

  /** Returns what the latest failed start threw. */
  Optional<Throwable> failure() {
    return Optional.ofNullable(failure);
  }

  @Override
  public String name() {
    return provider.name();
  }

  @Override
  public void startMember(PartContext context) {
    start(context, provider::startMember);
  }

  @Override
  public void startClient(PartContext context) {
    start(context, provider::startClient);
  }

  @Override
  public void shutdown(boolean graceful) {
    duringShutdown.run();
    try {
      timed(() -> provider.shutdown(graceful));
    } finally {
      latestRun().ended();
      duringShutdown.run();
    }
  }

  private void start(PartContext context, Consumer<PartContext> start) {
    WatchedContext run = new WatchedContext(context);
    runs.add(run);
    try {
      timed(() -> start.accept(run));
      run.started();
    } catch (Throwable thrown) { // noted, and passed on to the core as it is
      failure = thrown;
      run.ended();
      throw thrown;
    }
  }

  private void timed(Runnable call) {
    long beganNanos = System.nanoTime();
    try {
      call.run();
    } finally {
      slowestNanos = Math.max(slowestNanos, System.nanoTime() - beganNanos);
    }
  }
}
