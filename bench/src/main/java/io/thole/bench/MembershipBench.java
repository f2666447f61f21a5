package io.thole.bench;

import io.thole.api.Authority;
import io.thole.bench.MembershipFigures.What;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Measures who sees what in clusters of one size, in real processes over the loopback. An address is killed once in the life
 * of a cluster, because one that comes and goes is kept out for a while. For one thread.
 */
final class MembershipBench {
  private static final System.Logger LOG = System.getLogger(MembershipBench.class.getName());
  private static final List<Integer> PAUSE_MILLIS = List.of(1_500, 2_500);

  /** How long after a pause a removal may still come: as long as a suspicion of a node that answers again. */
  private static final long AFTER_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(4);

  private final MembershipOptions options;
  private final int nodes;
  private final Map<What, List<Long>> times = new EnumMap<>(What.class);
  private final SortedMap<Integer, List<Integer>> removals = new TreeMap<>();

  MembershipBench(MembershipOptions options, int nodes) {
    this.options = options;
    this.nodes = nodes;
  }

  /** Measures, in processes of its own, and ends them again. */
  MembershipFigures run() {
    boolean single = options.perProcess() == 1;
    int left = single ? options.runs() : 0;
    Optional<IdleCost> idle;
    try (Fleet fleet = Fleet.start(nodes, options.perProcess())) {
      idle = options.idle() > 0 ? Optional.of(idleCost(fleet)) : Optional.empty();
      if (single) {
        pause(fleet);
      }
      left -= comeAndGo(fleet, left);
    }
    while (left > 0) {
      try (Fleet fleet = Fleet.start(nodes, 1)) {
        left -= comeAndGo(fleet, left);
      }
    }
    Map<What, Times> seen = new EnumMap<>(What.class);
    times.forEach((what, nanos) -> seen.put(what, new Times(nanos)));
    return new MembershipFigures(nodes, options.perProcess(), seen, removals, idle, load());
  }

  /** Has nodes killed and others leave, as often as the cluster has nodes for that; returns how often. */
  private int comeAndGo(Fleet fleet, int most) {
    int runs = Math.min(nodes / 2, most);
    for (int run = 0; run < runs; run++) {
      MemberProcess victim = fleet.processes().get(2 * run);
      fleet.forget();
      long killedNanos = victim.kill();
      add(What.KILL, victim.node(), awaitLeft(fleet, victim.node()) - killedNanos);
      long restartedNanos = fleet.replace(victim);
      add(What.RESTART, victim.node(), awaitJoined(fleet, victim.node()) - restartedNanos);
      fleet.awaitWhole();

      MemberProcess leaver = fleet.processes().get(2 * run + 1);
      fleet.forget();
      long leftNanos = leaver.leave();
      add(What.LEAVE, leaver.node(), awaitLeft(fleet, leaver.node()) - leftNanos);
      long joinedNanos = leaver.join(fleet.seedsFor(leaver.node()));
      add(What.REJOIN, leaver.node(), awaitJoined(fleet, leaver.node()) - joinedNanos);
      fleet.awaitWhole();
    }
    return runs;
  }

  private void pause(Fleet fleet) {
    for (int millis : PAUSE_MILLIS) {
      for (int pause = 0; pause < options.pauses(); pause++) {
        MemberProcess victim = fleet.processes().get(pause % nodes);
        fleet.forget();
        victim.signal("STOP");
        int seen = fleet.removalsWithin(TimeUnit.MILLISECONDS.toNanos(millis));
        victim.signal("CONT");
        seen += fleet.removalsWithin(AFTER_PAUSE_NANOS);
        removals.computeIfAbsent(millis, key -> new ArrayList<>()).add(seen);
        fleet.awaitWhole();
      }
    }
  }

  private IdleCost idleCost(Fleet fleet) {
    Set<Integer> ports =
        fleet.addresses().stream().map(Authority::port).collect(Collectors.toSet());
    try (MemberProcess alone = MemberProcess.start(1, "127.0.0.1:0", List.of(), seen -> {})) {
      alone.awaitReady();
      park(options.warmUp());
      Optional<SocketCounts> before = SocketCounts.ofPorts(ports);
      Duration cpuBefore = cpu(fleet.processes());
      Duration aloneBefore = alone.cpu();
      long beganNanos = System.nanoTime();
      park(options.idle());
      double seconds = (System.nanoTime() - beganNanos) / 1e9;
      double alonePercent = percent(alone.cpu().minus(aloneBefore), seconds);
      double percent = percent(cpu(fleet.processes()).minus(cpuBefore), seconds);
      Optional<IdleCost.Received> received = SocketCounts.ofPorts(ports)
          .flatMap(after -> before.map(after::since))
          .map(count -> new IdleCost.Received(
              count.bytes() / seconds / nodes, count.segments() / seconds / nodes));
      return new IdleCost(
          received,
          seconds,
          (percent - alonePercent * fleet.processes().size()) / nodes,
          alonePercent,
          fleet.processes().stream()
                  .mapToLong(MemberProcess::residentKibibytes)
                  .average()
                  .orElse(0)
              / 1_024);
    }
  }

  private static long awaitLeft(Fleet fleet, Authority leaver) {
    return fleet.awaitAt(
        fleet.addresses().stream().filter(node -> !node.equals(leaver)).toList(),
        leaver + " has left",
        seen -> seen.left().contains(leaver));
  }

  /** Waits until all others have published that a node joined, and the node itself sees all of them. */
  private long awaitJoined(Fleet fleet, Authority comer) {
    return fleet.awaitAt(
        fleet.addresses(),
        comer + " has joined",
        seen ->
            seen.at().equals(comer) ? seen.members() == nodes : seen.joined().contains(comer));
  }

  private void add(What what, Authority node, long tookNanos) {
    LOG.log(Level.DEBUG, "{0} {1}: {2} ms", what, node, tookNanos / 1_000_000);
    times.computeIfAbsent(what, key -> new ArrayList<>()).add(tookNanos);
  }

  private static Duration cpu(Collection<MemberProcess> processes) {
    return processes.stream().map(MemberProcess::cpu).reduce(Duration.ZERO, Duration::plus);
  }

  private static void park(int seconds) {
    long beganNanos = System.nanoTime();
    long lengthNanos = TimeUnit.SECONDS.toNanos(seconds);
    for (long left = lengthNanos; left > 0; left = lengthNanos - (System.nanoTime() - beganNanos)) {
      LockSupport.parkNanos(left);
    }
  }

  private static double percent(Duration cpu, double seconds) {
    return cpu.toNanos() / 1e9 / seconds * 100;
  }

  private static double load() {
    try {
      return Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
    } catch (IOException e) {
      return Double.NaN; // not on every system
    }
  }
}
