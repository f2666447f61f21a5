package io.thole.bench;

import io.thole.api.Authority;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The processes of one cluster, and what their nodes publish. For one thread. */
final class Fleet implements AutoCloseable {
  /** How long to wait for what must come. */
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  /** How many processes start at once: more would only wait for each other. */
  private static final int AT_ONCE = Runtime.getRuntime().availableProcessors();

  private static final int SEEDS = 3; // those who join ask several, one of whom may be away

  private final int perProcess;
  private final List<MemberProcess> processes = new ArrayList<>();
  private final BlockingQueue<Sighting> sightings = new LinkedBlockingQueue<>();
  private final Map<Authority, Sighting> last = new HashMap<>(); // of each node

  private Fleet(int perProcess) {
    this.perProcess = perProcess;
  }

  /** Starts a cluster, and waits until every node sees every other. */
  static Fleet start(int nodes, int perProcess) {
    Fleet fleet = new Fleet(perProcess);
    try {
      fleet.add(Math.min(nodes, perProcess));
      while (fleet.addresses().size() < nodes) {
        fleet.add(nodes - fleet.addresses().size());
      }
      fleet.awaitWhole();
      return fleet;
    } catch (RuntimeException e) {
      fleet.close();
      throw e;
    }
  }

  List<MemberProcess> processes() {
    return List.copyOf(processes);
  }

  Set<Authority> addresses() {
    Set<Authority> addresses = new HashSet<>();
    processes.forEach(process -> addresses.addAll(process.nodes()));
    return addresses;
  }

  /** Returns whom a node may ask that comes back to an address. */
  List<Authority> seedsFor(Authority comer) {
    return addresses().stream()
        .filter(address -> !address.equals(comer))
        .sorted()
        .limit(SEEDS)
        .toList();
  }

  /** Starts a process at the address of one that was killed; it takes its place. Returns when its node began to start. */
  long replace(MemberProcess killed) {
    Authority address = killed.node();
    MemberProcess next =
        MemberProcess.start(1, address.toString(), seedsFor(address), sightings::add);
    processes.set(processes.indexOf(killed), next);
    return next.awaitReady();
  }

  /** Forgets what was seen so far. */
  void forget() {
    for (Sighting old = sightings.poll(); old != null; old = sightings.poll()) {
      last.put(old.at(), old);
    }
  }

  /**
   * Waits until each of these nodes has published what is looked for.
   *
   * @return when the last of them did
   * @throws IllegalStateException if one does not
   */
  long awaitAt(Collection<Authority> nodes, String what, Predicate<Sighting> wanted) {
    Set<Authority> missing = new HashSet<>(nodes);
    long beganNanos = System.nanoTime();
    long lastNanos = Long.MIN_VALUE;
    while (!missing.isEmpty()) {
      Sighting seen = next(PATIENCE_NANOS - (System.nanoTime() - beganNanos));
      if (seen == null) {
        throw new IllegalStateException("not published at " + missing.size() + " of " + nodes.size()
            + " nodes within a minute: " + what);
      }
      if (wanted.test(seen) && missing.remove(seen.at())) {
        lastNanos = Math.max(lastNanos, seen.nanos());
      }
    }
    return lastNanos;
  }

  /** Waits until every node sees all of them, and then until nothing has changed for a second. */
  void awaitWhole() {
    Set<Authority> all = addresses();
    long beganNanos = System.nanoTime();
    while (next(TimeUnit.SECONDS.toNanos(1)) != null
        || !all.stream().allMatch(node -> size(node) == all.size())) {
      if (System.nanoTime() - beganNanos > PATIENCE_NANOS) {
        throw new IllegalStateException("after a minute the nodes do not all see " + all.size()
            + " members; what they published last: " + lastOf(all));
      }
    }
  }

  private int size(Authority node) {
    Sighting seen = last.get(node);
    return seen == null ? 1 : seen.members();
  }

  private List<String> lastOf(Collection<Authority> nodes) {
    return nodes.stream().map(node -> String.valueOf(last.get(node))).toList();
  }

  /** Returns how often a node published that another had left, during a time. */
  int removalsWithin(long nanos) {
    int removals = 0;
    long beganNanos = System.nanoTime();
    for (Sighting seen = next(nanos);
        seen != null;
        seen = next(nanos - (System.nanoTime() - beganNanos))) {
      removals += seen.left().size();
    }
    return removals;
  }

  @Override
  public void close() {
    processes.forEach(MemberProcess::kill);
    processes.forEach(MemberProcess::close);
  }

  private void add(int most) {
    List<Authority> seeds = seedsFor(new Authority("none", 1));
    List<MemberProcess> started = new ArrayList<>();
    int left = processes.isEmpty() ? perProcess : most; // the first one alone: it is a seed
    for (int i = 0; i < AT_ONCE && left > 0; i++, left -= perProcess) {
      MemberProcess process =
          MemberProcess.start(Math.min(left, perProcess), "127.0.0.1:0", seeds, sightings::add);
      processes.add(process);
      started.add(process);
    }
    started.forEach(MemberProcess::awaitReady);
  }

  /** Returns what was published next, or null if nothing is for so long. */
  private @Nullable Sighting next(long nanos) {
    try {
      Sighting seen = sightings.poll(nanos, TimeUnit.NANOSECONDS);
      if (seen != null) {
        last.put(seen.at(), seen);
      }
      return seen;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
