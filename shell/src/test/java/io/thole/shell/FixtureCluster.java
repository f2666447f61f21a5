package io.thole.shell;

import io.thole.api.Account;
import io.thole.api.Agreement;
import io.thole.api.Authority;
import io.thole.api.BlockEntry;
import io.thole.api.BlockList;
import io.thole.api.Cluster;
import io.thole.api.ClusterException;
import io.thole.api.ClusterSettings;
import io.thole.api.ClusterState;
import io.thole.api.ClusterTopology;
import io.thole.api.ClusterView;
import io.thole.api.Diagnosis;
import io.thole.api.EventStream;
import io.thole.api.Evidence;
import io.thole.api.Member;
import io.thole.api.Metrics;
import io.thole.api.NodeId;
import io.thole.api.ProviderStatus;
import io.thole.api.SwapFailedException;
import io.thole.api.SwapReport;
import io.thole.api.TopologyStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** A node that says the same to everyone: two members, two providers, and a block list that can be written. */
final class FixtureCluster implements Cluster {
  static final Instant NOW = Instant.parse("2026-11-22T23:00:00.250Z");
  static final NodeId SELF = new NodeId(Authority.parse("127.0.0.1:26050"), 7);
  static final NodeId OTHER = NodeId.at(Authority.parse("[::1]:26051"));

  private final List<BlockEntry> blocked = new CopyOnWriteArrayList<>();
  private final EventStream events;
  private volatile List<Account> accounts = List.of(
      new Account(
          "topic hello", 4, 3, 1, 6, outcomes("delivered", 5L, "nodeLost", 1L, "overflow", 0L), 0),
      new Account("kind echo", 2, 2, 0, 2, outcomes("ok", 1L), 1));
  private volatile ClusterState state = ClusterState.RUNNING;

  FixtureCluster(EventStream events) {
    this.events = events;
  }

  @Override
  public ClusterSettings settings() {
    return ClusterSettings.DEFAULTS;
  }

  @Override
  public ClusterState state() {
    return state;
  }

  @Override
  public NodeId self() {
    return SELF;
  }

  @Override
  public ClusterView view() {
    return state == ClusterState.RUNNING
        ? new ClusterView(3, List.of(SELF, OTHER), List.of())
        : ClusterView.EMPTY;
  }

  @Override
  public List<Member> members() {
    return state == ClusterState.RUNNING
        ? List.of(
            new Member(
                SELF, Member.Status.ALIVE, true, List.of("topic", "echo"), NOW.toEpochMilli()),
            new Member(OTHER, Member.Status.UNREACHABLE, false, List.of(), NOW.toEpochMilli()))
        : List.of();
  }

  @Override
  public TopologyStatus topology() {
    return new TopologyStatus(
        view(),
        new ClusterTopology(List.of(OTHER.authority()), List.of(), 3),
        false,
        "static",
        Agreement.LOCAL);
  }

  @Override
  public EventStream events() {
    return events;
  }

  @Override
  public CompletionStage<Void> start() {
    state = ClusterState.RUNNING;
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Void> shutdown(boolean graceful) {
    state = ClusterState.STOPPED;
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public Metrics metrics() {
    return new Metrics(2, 0, 2, blocked.size(), 3, 5, 0, 1);
  }

  @Override
  public List<String> kinds() {
    return List.of("echo", "topic");
  }

  @Override
  public List<ProviderStatus> providers() {
    return List.of(
        new ProviderStatus("static", "io.thole.staticprovider", 0, true, "the only one that runs"),
        new ProviderStatus("roster", "evil\u001b[2J", 10, false, "stands by"));
  }

  @Override
  public CompletionStage<SwapReport> swap(String provider) {
    accounts = accounts.stream().map(FixtureCluster::afterTheSwap).toList();
    return provider.equals("roster")
        ? CompletableFuture.completedFuture(
            new SwapReport("static", "roster", List.of(OTHER.authority()), List.of(), 4, 1_500_000))
        : CompletableFuture.failedFuture(
            new SwapFailedException("no provider " + provider + "; present: static, roster"));
  }

  @Override
  public List<Account> accounts() {
    return accounts;
  }

  /** A publish meanwhile: one target was lost, one has two outcomes. */
  private static Account afterTheSwap(Account before) {
    return before.scope().startsWith("kind")
        ? before
        : new Account(before.scope(), 5, 4, 1, 8, outcomes("delivered", 7L, "nodeLost", 2L), 0);
  }

  private static Map<String, Long> outcomes(Object... namesAndCounts) {
    Map<String, Long> outcomes = new LinkedHashMap<>();
    for (int i = 0; i < namesAndCounts.length; i += 2) {
      outcomes.put((String) namesAndCounts[i], (Long) namesAndCounts[i + 1]);
    }
    return outcomes;
  }

  @Override
  public List<Evidence> why(Authority address) {
    return address.equals(OTHER.authority())
        ? List.of(
            new Evidence(NOW.toEpochMilli(), "connection lost \u001b[2J", "link", "waits 5 s"))
        : List.of();
  }

  @Override
  public List<Diagnosis> diagnose() {
    return List.of(
        new Diagnosis("provider", true, "static runs", ""),
        new Diagnosis("transport", false, "there is none", "install a transport"));
  }

  @Override
  public <T> T service(Class<T> type) {
    throw new ClusterException("no part offers " + type.getName());
  }

  @Override
  public BlockList blockList() {
    return new BlockList() {
      @Override
      public List<BlockEntry> entries() {
        return new ArrayList<>(blocked);
      }

      @Override
      public CompletionStage<Void> block(
          Authority address, String reason, Optional<Duration> duration) {
        if (address.equals(SELF.authority())) {
          return CompletableFuture.failedFuture(
              new ClusterException(address + " is this node itself; it can leave"));
        }
        blocked.add(
            new BlockEntry(NodeId.at(address), reason, "operator", duration.map(NOW::plus)));
        return CompletableFuture.completedFuture(null);
      }

      @Override
      public CompletionStage<Boolean> unblock(Authority address) {
        return CompletableFuture.completedFuture(
            blocked.removeIf(entry -> entry.subject().authority().equals(address)));
      }
    };
  }
}
