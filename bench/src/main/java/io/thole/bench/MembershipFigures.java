package io.thole.bench;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What was seen in clusters of one size.
 *
 * @param nodes the size
 * @param perProcess how many nodes shared a process
 * @param times from the cause until the last node had published its effect
 * @param removals by the length of a pause in milliseconds: how often, after each, a node published that another had left
 * @param idle what it cost when nothing happened, if that was measured
 * @param load how many processes wanted a processor, on average of the last minute
 */
record MembershipFigures(
    int nodes,
    int perProcess,
    Map<What, Times> times,
    SortedMap<Integer, List<Integer>> removals,
    Optional<IdleCost> idle,
    double load) {
  /** What is timed. */
  enum What {
    KILL("kill -9: the others published left"),
    RESTART("new process at its address: joined everywhere"),
    LEAVE("graceful leave: the others published left"),
    REJOIN("start at its address, warm: joined everywhere");

    private final String label;

    What(String label) {
      this.label = label;
    }

    String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  MembershipFigures {
    times = new EnumMap<>(times);
    removals = new TreeMap<>(removals);
  }

  /** Returns the result for a program: one object on one line. */
  String json() {
    String timed = times.entrySet().stream()
        .map(entry -> "\"" + entry.getKey().key() + "\":" + entry.getValue().json() + ",")
        .collect(Collectors.joining());
    String paused = removals.entrySet().stream()
        .map(entry -> String.format(
            Locale.ROOT,
            "{\"millis\":%d,\"pauses\":%d,\"removals\":%d}",
            entry.getKey(),
            entry.getValue().size(),
            sum(entry.getValue())))
        .collect(Collectors.joining(",", "[", "]"));
    return String.format(
        Locale.ROOT,
        "{\"bench\":\"membership\",\"nodes\":%d,\"perProcess\":%d,%s\"pauses\":%s,\"idle\":%s,"
            + "\"load\":%.2f,\"processors\":%d}%n",
        nodes,
        perProcess,
        timed,
        paused,
        idle.map(IdleCost::json).orElse("null"),
        load,
        Runtime.getRuntime().availableProcessors());
  }

  /** Returns the result for people. */
  String table() {
    StringBuilder table = new StringBuilder(String.format(
        Locale.ROOT,
        "%d nodes, %d to a process; load %.1f on %d processors%n",
        nodes,
        perProcess,
        load,
        Runtime.getRuntime().availableProcessors()));
    times.forEach((what, seen) -> row(
        table,
        what.label,
        "%,.0f ms, p99 %,.0f ms, of %d",
        seen.percentileMillis(50),
        seen.percentileMillis(99),
        seen.nanos().size()));
    removals.forEach((millis, seen) -> row(
        table,
        "stopped for " + millis + " ms: removals published",
        "%d, of %d",
        sum(seen),
        seen.size()));
    idle.ifPresent(cost -> idle(table, cost));
    return table.toString();
  }

  private static void idle(StringBuilder table, IdleCost cost) {
    cost.received()
        .ifPresentOrElse(
            count -> row(
                table,
                "idle: sent by a node, above TCP",
                "%,.0f B/s in %.1f segments/s",
                count.bytesPerSecond(),
                count.segmentsPerSecond()),
            () -> row(table, "idle: sent by a node, above TCP", "unknown: there is no ss"));
    row(
        table,
        "idle: CPU of a node, beyond one alone",
        "%.2f %% of a core; one alone %.2f %%",
        cost.cpuPercent(),
        cost.aloneCpuPercent());
    row(table, "idle: memory of a process", "%.0f MiB", cost.mebibytes());
  }

  private static int sum(List<Integer> numbers) {
    return numbers.stream().mapToInt(Integer::intValue).sum();
  }

  private static void row(StringBuilder table, String label, String format, Object... values) {
    table.append(String.format(
        Locale.ROOT, "  %-46s%s%n", label, String.format(Locale.ROOT, format, values)));
  }
}
