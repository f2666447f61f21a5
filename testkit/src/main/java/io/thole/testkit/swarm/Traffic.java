package io.thole.testkit.swarm;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.api.PartKind;
import io.thole.api.pubsub.Topic;
import io.thole.spi.ClusterPubSub;
import io.thole.testkit.journal.JournalEntry;
import io.thole.testkit.journal.JournalRecord;
import io.thole.testkit.journal.Ledger;
import io.thole.testkit.journal.Rules;
import io.thole.testkit.journal.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Messages and calls between the nodes of a run: every node subscribes, publishes one by one and in streams, and calls grains, as its
 * seed has it, while faults happen. All of them write one journal, which the checker judges (delivery.md, section 4); what the checker
 * cannot know is judged here: that an unknown outcome has a fault to explain it, and what was dropped a fault or somebody who drops, that
 * publishers wait for no other, that payloads arrive as they were sent, that nobody is
 * called after its end, that accounts agree with the journal, and that in the end everyone reaches everyone.
 */
final class Traffic implements Scenario {
  /** The topics. On the last one messages are empty, so that they can only be counted. */
  static final List<Topic> TOPICS =
      List.of(new Topic("a"), new Topic("b"), new Topic("c"), new Topic("empty"));

  static final int EMPTY = TOPICS.size() - 1;

  /** To this one nobody subscribes for whom publishers wait. */
  static final int HURRIED = EMPTY - 1;

  /** How long nodes go on with their traffic once the faults are over. */
  private static final long AFTERGLOW_NANOS = 8_000_000_000L;

  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final SwarmRun run;
  private final Supplier<ClusterPubSub> pubSubs;
  private final Excuses excuses;
  private final Ledger ledger = new Ledger(new Rules(Rules.STRICT.timeoutMillis(), true));
  private final List<TrafficClient> clients = new ArrayList<>();
  private final Map<Life, TrafficClient> byLife = new LinkedHashMap<>();
  private final Map<NodeId, TrafficClient> byId = new LinkedHashMap<>();

  private long notedNanos;
  private long noted; // of all that was written down at that moment

  Traffic(SwarmRun run, Supplier<ClusterPubSub> pubSubs) {
    this.run = run;
    this.pubSubs = pubSubs;
    this.excuses = new Excuses(run.plan());
    run.agenda().at(run.faultsEndNanos() + SwarmRun.SETTLE_NANOS, this::probe);
  }

  @Override
  public void equip(SwarmNode node, Life life) {
    ClusterPubSub part =
        new TappedPubSub(pubSubs.get(), thrown -> run.safety().thrown(life, thrown));
    TrafficClient client = new TrafficClient(this, node, life, part, clients.size());
    clients.add(client);
    byLife.put(life, client);
    byId.put(life.id(), client);
    client.equip();
  }

  @Override
  public void hold(int place, boolean standStill) {
    run.node(place)
        .life()
        .ifPresent(life -> TOPICS.forEach(topic -> life.loop()
            .hold(
                PartKind.PUBSUB.label() + " " + clientOf(life).part() + " topic " + topic,
                standStill)));
  }

  private TrafficClient clientOf(Life life) {
    TrafficClient client = byLife.get(life);
    if (client == null) {
      throw new AssertionError("a life that was never equipped: " + life.id());
    }
    return client;
  }

  // For its clients.

  SwarmRun run() {
    return run;
  }

  /** Tells whether there is traffic, which there is until some time after the last fault. */
  boolean goesOn() {
    return run.agenda().nowNanos() < run.faultsEndNanos() + AFTERGLOW_NANOS;
  }

  /** Writes something down. */
  void take(TrafficClient client, JournalRecord record) {
    long nowNanos = run.agenda().nowNanos();
    note(nowNanos, client, record);
    run.trace().line(nowNanos, client.place(), () -> "   " + client.name() + " " + record);
    ledger.take(
        new JournalEntry(client.name(), client.ranNanos() / 1_000, nowNanos / 1_000, record));
  }

  /** What ends at one moment ends in any order: its own numbers begin anywhere, so that another run has another one. */
  private void note(long nowNanos, TrafficClient client, JournalRecord record) {
    if (nowNanos != notedNanos) {
      run.trace().note(notedNanos, -1, noted);
      notedNanos = nowNanos;
      noted = 0;
    }
    noted += (record.hashCode() * 31L + client.place()) * SPREAD;
  }

  Optional<TrafficClient> client(int number) {
    return number >= 0 && number < clients.size()
        ? Optional.of(clients.get(number))
        : Optional.empty();
  }

  void violate(TrafficClient client, String rule, String detail) {
    run.safety().violate(rule, client.name(), detail);
  }

  /** Tells how many have subscribed to a topic at a place, or anywhere, that drop what they do not keep up with. */
  long droppers(int topic, int place) {
    return clients.stream()
        .filter(client -> place < 0 || client.place() == place)
        .mapToLong(client -> client.droppers(topic))
        .sum();
  }

  /** Judges an outcome that only a fault can explain. */
  void needExcuse(TrafficClient from, int to, long publishedNanos, String what) {
    if (!excuses.explain(from.place(), to, publishedNanos, run.agenda().nowNanos())) {
      violate(from, "unexplained", what);
    }
  }

  int place(Authority address) {
    int place = 0;
    while (!run.node(place).address().equals(address)) {
      place++;
    }
    return place;
  }

  /** An empty message was handled: of which client it was is all that can be known. */
  void handledEmpty(TrafficClient by, NodeId publisher, int bytes) {
    Optional<TrafficClient> from = Optional.ofNullable(byId.get(publisher));
    if (from.isEmpty() || bytes > 0) {
      violate(by, "payload", bytes + " bytes of " + publisher + " where none are sent");
    } else {
      from.get().handledEmpty();
    }
  }

  // The end.

  /** Once all is well again, each message reaches every subscription there is, among those that can know of each other. */
  private void probe() {
    for (List<Life> cluster : run.liveness().clusters()) {
      List<TrafficClient> together = cluster.stream().map(this::clientOf).toList();
      together.forEach(TrafficClient::probeCredit);
      for (TrafficClient client : together) {
        for (int topic = 0; topic < EMPTY; topic++) {
          int number = topic;
          client.probe(
              number,
              together.stream().mapToLong(each -> each.subscribed(number)).sum());
        }
      }
    }
  }

  @Override
  public void judge() {
    clients.forEach(TrafficClient::finish);
    clients.forEach(client -> {
      if (client.isEnded()) {
        take(client, new JournalRecord.Ended());
      }
    });
    run.trace().note(notedNanos, -1, noted);
    Verdict verdict = ledger.verdict();
    if (!verdict.clean()) {
      run.safety().violate("delivery", "-", verdict.faults() + " " + verdict.named());
    }
    clients.forEach(TrafficClient::judge);
  }
}
