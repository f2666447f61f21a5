package io.thole.bench;

import io.thole.bench.Arrivals.Summary;
import io.thole.bench.MessageFigures.What;
import io.thole.tcpprovider.TcpSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Measures messages between two processes, beside plain Netty between the same two: short bursts in turn, on nodes and
 * connections that stand, so that both see the same machine. For one thread.
 */
final class MessagesBench {
  private static final int TOGETHER = 64; // messages between two looks at the clock
  private static final long PERIOD_NANOS = 200_000; // 5,000 a second
  private static final double MEGA = 1e6;

  private final MessagesOptions options;

  MessagesBench(MessagesOptions options) {
    this.options = options;
  }

  /** Measures, with another process and two nodes of its own, and ends them again. */
  MessageFigures run() {
    Logger.getLogger("").setLevel(Level.WARNING);
    if (!options.tls()) {
      return run(Optional.empty(), TcpSettings.DEFAULTS);
    }
    try (Keys keys = Keys.make()) {
      return run(Optional.of(keys), keys.settings());
    }
  }

  private MessageFigures run(Optional<Keys> keys, TcpSettings tcp) {
    try (FarProcess far = FarProcess.start(keys);
        Lane thole = TholeLane.open(far.node(), tcp);
        Lane floor = FloorLane.open(far.floorPort())) {
      for (What what : options.rows()) {
        new Burst(far, floor, options.warmUp()).of(what);
        new Burst(far, thole, options.warmUp()).of(what);
      }
      Map<What, List<Pair>> pairs = new EnumMap<>(What.class);
      for (int round = 0; round < options.rounds(); round++) {
        for (What what : options.rows()) {
          Sample below = new Burst(far, floor, options.seconds()).of(what);
          Sample above = new Burst(far, thole, options.seconds()).of(what);
          pairs.computeIfAbsent(what, key -> new ArrayList<>()).add(new Pair(below, above));
        }
      }
      return new MessageFigures(pairs);
    }
  }

  /** A measurement on one lane. */
  private static final class Burst {
    private final FarProcess far;
    private final Lane lane;
    private final long lengthNanos;
    private final long beganNanos;
    private final Duration cpuBefore;

    Burst(FarProcess far, Lane lane, double seconds) {
      this.far = far;
      this.lane = lane;
      lengthNanos = (long) (seconds * 1e9);
      far.begin();
      cpuBefore = cpu();
      beganNanos = System.nanoTime();
    }

    Sample of(What what) {
      return switch (what) {
        case SMALL, LARGE -> stream(what.bytes(), what.subscribers(), lane::publish);
        case FAN -> stream(what.bytes(), what.subscribers(), lane::fanOut);
        case PACED -> paced(what.bytes());
        case SINGLE -> asked(what.bytes());
        case MANY -> calls(what.bytes(), what.outstanding());
      };
    }

    private Sample stream(int bytes, int subscribers, Consumer<byte[]> publish) {
      byte[] payload = new byte[bytes];
      long count = 0;
      while (!isOver()) {
        for (int i = 0; i < TOGETHER; i++) {
          Arrivals.stamp(payload, ++count, 0);
          publish.accept(payload);
        }
      }
      lane.settle();
      Summary summary = far.end(count, subscribers);
      return sample(count * subscribers, () -> summary);
    }

    private Sample paced(int bytes) {
      byte[] payload = new byte[bytes];
      long count = 0;
      while (!isOver()) {
        long dueNanos = beganNanos + count * PERIOD_NANOS;
        for (long left = dueNanos - System.nanoTime();
            left > 0;
            left = dueNanos - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        Arrivals.stamp(payload, ++count, System.nanoTime());
        lane.publish(payload);
      }
      lane.settle();
      Summary summary = far.end(count, 1);
      return sample(count, () -> summary);
    }

    private Sample asked(int bytes) {
      byte[] request = new byte[bytes];
      Latencies latencies = new Latencies();
      long count = 0;
      while (!isOver()) {
        count++;
        long sentNanos = System.nanoTime();
        lane.ask(request);
        latencies.add(System.nanoTime() - sentNanos);
      }
      lane.settle();
      return sample(count, latencies);
    }

    private Sample calls(int bytes, int outstanding) {
      byte[] request = new byte[bytes];
      Semaphore free = new Semaphore(outstanding);
      Latencies latencies = new Latencies();
      long count = 0;
      while (!isOver()) {
        count++;
        free.acquireUninterruptibly();
        long sentNanos = System.nanoTime();
        lane.call(request, () -> {
          latencies.add(System.nanoTime() - sentNanos);
          free.release();
        });
      }
      free.acquireUninterruptibly(outstanding);
      lane.settle();
      return sample(count, latencies);
    }

    private Sample sample(long count, Latencies latencies) {
      return sample(
          count,
          () ->
              new Summary(count, 0, latencies.percentileNanos(50), latencies.percentileNanos(99)));
    }

    private boolean isOver() {
      return System.nanoTime() - beganNanos >= lengthNanos;
    }

    /** The burst is over; what takes time to say of it does not count. */
    private Sample sample(long count, Supplier<Summary> times) {
      long tookNanos = System.nanoTime() - beganNanos;
      double cpuSeconds = cpu().minus(cpuBefore).toMillis() / 1e3;
      Summary summary = times.get();
      return new Sample(
          count * 1e9 / tookNanos,
          summary.middleNanos() / 1e3,
          summary.highNanos() / 1e3,
          cpuSeconds * MEGA / count);
    }

    private Duration cpu() {
      return far.cpu()
          .plus(ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO));
    }
  }
}
