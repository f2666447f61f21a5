package io.thole.shell;

import io.thole.api.Cluster;
import io.thole.api.ClusterEvent.SubscriberSlow;
import io.thole.api.ClusterException;
import io.thole.api.ClusterState;
import io.thole.api.Diagnosis;
import io.thole.api.Escaped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The node as a whole: its health, and its leave. */
final class NodeCommands {
  private static final String NO_REMEDY = "";

  /** For how long a slow subscriber is remembered: one that stays slow is told of every 10 s. */
  private static final Duration SLOW = Duration.ofMinutes(1);

  /** How many slow subscribers are named. */
  private static final int NAMED = 3;

  private final Services services;
  private final EventHistory history;

  NodeCommands(Services services, EventHistory history) {
    this.services = services;
    this.history = history;
  }

  List<Command> commands() {
    return List.of(
        new Command(
            Usage.of("leave", "Leaves the cluster gracefully; the process stays."), this::leave),
        new Command(
            Usage.of("doctor", "Shows what is missing or odd, and what mends it."), this::doctor));
  }

  private void leave(Arguments arguments, Page page) {
    Cluster node = services.node();
    boolean left = node.state() == ClusterState.STOPPED;
    Awaited.of(node.shutdown(true), Awaited.LIMIT);
    page.line(
        Row.EMPTY.with("state", node.state().name()),
        (left ? "the node was not running" : "left the cluster")
            + "; the process stays, stop it with: exit");
  }

  private void doctor(Arguments arguments, Page page) {
    List<Diagnosis> all = new ArrayList<>(ofTheNode());
    services.checks().get().forEach(check -> all.addAll(ofOthers(check)));
    page.table(all.stream().map(NodeCommands::row).toList(), "Nothing is checked here.");
    long odd = all.stream().filter(diagnosis -> !diagnosis.ok()).count();
    page.note(odd == 0 ? "All is well." : odd + " of " + all.size() + " checks want a look.");
  }

  private List<Diagnosis> ofTheNode() {
    try {
      List<Diagnosis> all = new ArrayList<>(services.node().diagnose());
      all.add(ofSubscribers());
      return all;
    } catch (ClusterException e) {
      return List.of(new Diagnosis(
          "cluster",
          false,
          String.valueOf(e.getMessage()),
          "see what the other checks say of io.thole.core and its configuration"));
    }
  }

  private Diagnosis ofSubscribers() {
    Map<String, Long> slow = new LinkedHashMap<>();
    history.since(SLOW).forEach(entry -> {
      if (entry.event() instanceof SubscriberSlow event) {
        slow.put(event.subscriber() + " on topic " + event.topic(), event.backlog());
      }
    });
    if (slow.isEmpty()) {
      return new Diagnosis("subscribers", true, "none was slow within a minute", NO_REMEDY);
    }
    String named = slow.entrySet().stream()
        .limit(NAMED)
        .map(each -> each.getKey() + " had " + each.getValue() + " messages wait")
        .collect(Collectors.joining("; "));
    int others = slow.size() - NAMED;
    return new Diagnosis(
        "subscribers",
        false,
        others > 0 ? named + "; and " + others + " others" : named,
        "have its handler do less or leave it to others, or subscribe with a Backlog that drops");
  }

  // A check may come from anywhere and throw anything; the others are shown all the same.
  private static List<Diagnosis> ofOthers(Supplier<List<Map<String, String>>> check) {
    try {
      return check.get().stream().map(NodeCommands::diagnosis).toList();
    } catch (RuntimeException e) {
      return List.of(
          new Diagnosis(check.getClass().getName(), false, "the check failed: " + e, NO_REMEDY));
    }
  }

  private static Diagnosis diagnosis(Map<String, String> row) {
    return new Diagnosis(
        row.getOrDefault("check", ""),
        Boolean.parseBoolean(row.getOrDefault("ok", "false")),
        row.getOrDefault("detail", ""),
        row.getOrDefault("remedy", NO_REMEDY));
  }

  private static Row row(Diagnosis diagnosis) {
    return Row.EMPTY
        .with("check", diagnosis.check())
        .with("ok", diagnosis.ok(), "ok", diagnosis.ok() ? "ok" : "NOT OK")
        .with("detail", diagnosis.detail())
        .with(
            "remedy",
            diagnosis.remedy(),
            "remedy",
            diagnosis.remedy().isBlank() ? "-" : Escaped.plain(diagnosis.remedy()));
  }
}
