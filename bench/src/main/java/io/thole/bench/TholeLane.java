package io.thole.bench;

import io.thole.api.Authority;
import io.thole.api.Cluster;
import io.thole.api.ClusterSettings;
import io.thole.api.grain.CallReport;
import io.thole.api.grain.GrainId;
import io.thole.api.grain.Grains;
import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.PubSub;
import io.thole.api.pubsub.Publisher;
import io.thole.api.pubsub.PublisherReport;
import io.thole.api.pubsub.Topic;
import io.thole.pubsub.PubSubBroker;
import io.thole.spi.ClusterFactory;
import io.thole.tcpprovider.MembershipSettings;
import io.thole.tcpprovider.TcpClusterProvider;
import io.thole.tcpprovider.TcpSettings;
import io.thole.tcpprovider.TcpTransport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A real node, linked to another one: every message is accounted for, and the reports are waited for. */
final class TholeLane implements Lane {
  /** The topic that the other process subscribes to. */
  static final Topic TOPIC = new Topic("bench");

  /** The topic that it subscribes to several times. */
  static final Topic FAN_TOPIC = new Topic("bench/fan");

  /** The kind that only the other process hosts. */
  static final String KIND = "echo";

  private static final long PAUSE_NANOS = 50_000;
  private static final long PATIENCE_NANOS = 30_000_000_000L;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final GrainId ECHO = new GrainId(KIND, "1");

  private final Cluster cluster;
  private final PubSub pubSub;
  private final Publisher publisher;
  private final Publisher fan;
  private final Grains grains;
  private final AtomicLong failed = new AtomicLong();

  private TholeLane(Cluster cluster) {
    this.cluster = cluster;
    pubSub = cluster.service(PubSub.class);
    publisher = pubSub.publisher(TOPIC);
    fan = pubSub.publisher(FAN_TOPIC);
    grains = cluster.service(Grains.class);
  }

  /** Starts a node and waits until it knows what the one at the address has to offer. */
  static TholeLane open(Authority other, TcpSettings tcp) {
    Cluster cluster = factory(tcp).create(settings(List.of(other)));
    cluster.start().toCompletableFuture().join();
    TholeLane lane = new TholeLane(cluster);
    await("a subscriber at " + other, () -> lane.pubSub.topics().size() == 2);
    await("a grain at " + other, () -> lane.echoes());
    return lane;
  }

  /** Returns what makes a node with all that is measured. */
  static ClusterFactory factory() {
    return factory(TcpSettings.DEFAULTS);
  }

  static ClusterFactory factory(TcpSettings tcp) {
    return ClusterFactory.load()
        .with(new TcpTransport(tcp))
        .with(new TcpClusterProvider(MembershipSettings.DEFAULTS))
        .with(new PubSubBroker());
  }

  static ClusterSettings settings(List<Authority> seeds) {
    return ClusterSettings.DEFAULTS
        .with("cluster", "bench")
        .with("bind", "127.0.0.1:0")
        .with("seeds", seeds);
  }

  @Override
  public void publish(byte[] payload) {
    publisher.publish(payload);
  }

  @Override
  public void fanOut(byte[] payload) {
    fan.publish(payload);
  }

  @Override
  public void settle() {
    check(publisher, 1);
    check(fan, FAN);
    if (!cluster.accounts().stream()
        .allMatch(account -> account.balanced() && account.open() == 0)) {
      throw new IllegalStateException("the accounts do not add up: " + cluster.accounts());
    }
  }

  private void check(Publisher stream, int subscribers) {
    PublisherReport report = stream.settled().toCompletableFuture().join();
    if (failed.get() > 0
        || report.open() > 0
        || report.count(Outcome.DELIVERED) != report.published() * subscribers) {
      throw new IllegalStateException(failed + " calls failed; of the messages is known " + report
          + "; the accounts are " + cluster.accounts());
    }
  }

  @Override
  public void call(byte[] request, Runnable replied) {
    grains.call(ECHO, request, TIMEOUT).thenAccept(report -> {
      note(report);
      replied.run();
    });
  }

  @Override
  public void ask(byte[] request) {
    note(grains.call(ECHO, request, TIMEOUT).toCompletableFuture().join());
  }

  private void note(CallReport report) {
    if (!(report instanceof CallReport.Ok)) {
      failed.incrementAndGet();
    }
  }

  @Override
  public void close() {
    cluster.shutdown(true).toCompletableFuture().join();
  }

  private boolean echoes() {
    return grains.call(ECHO, new byte[8], TIMEOUT).toCompletableFuture().join()
        instanceof CallReport.Ok;
  }

  private static void await(String what, BooleanSupplier condition) {
    long began = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - began > PATIENCE_NANOS) {
        throw new IllegalStateException("there was no sign of " + what);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
