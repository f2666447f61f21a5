package io.thole.testkit.swarm;

import io.thole.api.Account;
import io.thole.api.Authority;
import io.thole.api.ClusterEvent.Shutdown;
import io.thole.api.ClusterEvent.Startup;
import io.thole.api.NodeId;
import io.thole.api.grain.CallReport;
import io.thole.api.grain.Grain;
import io.thole.api.grain.GrainId;
import io.thole.api.grain.GrainKind;
import io.thole.api.pubsub.Backlog;
import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.PubSub;
import io.thole.api.pubsub.PublishRefusedException;
import io.thole.api.pubsub.PublishReport;
import io.thole.api.pubsub.Topic;
import io.thole.spi.ClusterPubSub;
import io.thole.testkit.journal.JournalRecord;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** What one run of a process publishes, subscribes and calls, and what it writes down of it. */
final class TrafficClient {
  private static final String KIND = "tally";
  private static final String CALLS = "kind " + KIND;
  private static final int KEYS = 5;
  private static final int MOST_STREAMS = 6;

  /** A handler that throws does so at every third message at most: a report keeps no more than a thousand exceptions. */
  private static final int SELDOM = 3;

  private static final int MOST_SUBSCRIPTIONS = 6;
  private static final long LONGEST_PAUSE_NANOS = 400_000_000L;
  private static final int LONGEST_BYTES = 1 << 20;

  /** How many messages are published at once: of empty ones also more than a subscription has credit for. */
  private static final double FEW = 40;

  private static final double MANY = 600;
  private static final double MOST_EMPTY = 30_000;
  private static final long CALL_SECONDS = 5;
  private static final int MOST_WAITING = 50;

  private final Traffic traffic;
  private final SwarmNode node;
  private final Life life;
  private final ClusterPubSub part;
  private final int number;
  private final RandomGenerator random;
  private final PubSub pubSub;
  private final List<TrafficScope> scopes = new ArrayList<>();
  private final List<TrafficStream> streams = new ArrayList<>(); // those that are still of interest
  private final List<TrafficSubscriber> subscribers = new ArrayList<>();
  private final long[] droppers = new long[Traffic.TOPICS.size()];
  private long calls;
  private long places;
  private long emptiesHandled;
  private long open;
  private boolean ended;

  TrafficClient(Traffic traffic, SwarmNode node, Life life, ClusterPubSub part, int number) {
    this.traffic = traffic;
    this.node = node;
    this.life = life;
    this.part = part;
    this.number = number;
    this.random = traffic.run().random(1_000 + number);
    this.pubSub = part.pubSub("traffic");
    for (int topic = 0; topic < Traffic.TOPICS.size(); topic++) {
      scopes.add(new TrafficScope(number, topic, topic)); // the single messages
    }
  }

  /** Gives the node what it needs, before it starts. */
  void equip() {
    life.node().add(part).add(new Tally());
    life.node().stream().subscribe(Startup.class, event -> begin());
    life.node().stream().subscribe(Shutdown.class, event -> {
      look();
      ended = true;
    });
  }

  String name() {
    return life.id().toString();
  }

  int place() {
    return life.place();
  }

  String part() {
    return part.name();
  }

  long nowNanos() {
    return traffic.run().agenda().nowNanos();
  }

  long ranNanos() {
    return node.ranNanos();
  }

  Optional<TrafficScope> scope(int which) {
    return which >= 0 && which < scopes.size() ? Optional.of(scopes.get(which)) : Optional.empty();
  }

  long subscribed(int topic) {
    return subscribers.stream().filter(each -> each.topic() == topic).count();
  }

  /** Tells how many of its subscriptions, now or before, drop what they do not keep up with. */
  long droppers(int topic) {
    return droppers[topic];
  }

  long droppers(int topic, int atPlace) {
    return traffic.droppers(topic, atPlace);
  }

  private Optional<Life> alive() {
    return node.life().filter(life::equals).filter(Life::running);
  }

  /** Tells whether it ended in peace: it stopped, or it still runs. */
  boolean isEnded() {
    return ended || alive().isPresent();
  }

  // What it does.

  private void begin() {
    write(new JournalRecord.Began(name(), 0));
    int subscriptions = random.nextInt(4);
    for (int i = 0; i < subscriptions; i++) {
      subscribe();
    }
    int publishers = random.nextInt(4);
    for (int i = 0; i < publishers; i++) {
      stream();
    }
    later();
  }

  private void later() {
    traffic.run().agenda().after(1 + random.nextLong(LONGEST_PAUSE_NANOS), () -> {
      if (node.life().filter(life::equals).isPresent() && !ended) {
        node.act(this::act);
        later();
      }
    });
  }

  private void act() {
    look();
    if (life.running() && traffic.goesOn()) {
      int what = random.nextInt(100);
      if (what < 50) {
        burst();
      } else if (what < 65) {
        single(random.nextInt(Traffic.TOPICS.size()), bytes());
      } else if (what < 75) {
        call();
      } else if (what < 80) {
        subscribe();
      } else if (what < 84) {
        unsubscribe();
      } else if (what < 88) {
        stream();
      } else if (what < 91) {
        any(streams).ifPresent(TrafficStream::close);
      } else if (what < 95) {
        any(streams).ifPresent(TrafficStream::ask);
      }
    }
  }

  private void burst() {
    any(streams).ifPresent(stream -> {
      boolean empty = stream.scope().isEmpty();
      double most = random.nextInt(40) > 0 ? FEW : empty ? MOST_EMPTY : MANY;
      int count = (int) Math.pow(most, random.nextDouble()); // fewer are likelier
      boolean more = true;
      for (int i = 0; i < count && more; i++) {
        more = stream.publish(bytes());
      }
    });
  }

  /** Mostly short, and seldom up to a MiB. */
  private int bytes() {
    return switch (random.nextInt(200)) {
      case 0 -> random.nextBoolean() ? LONGEST_BYTES : random.nextInt(LONGEST_BYTES);
      case 1, 2, 3, 4 -> random.nextInt(64 << 10);
      default -> random.nextInt(200);
    };
  }

  private void single(int topic, int bytes) {
    single(topic, bytes, report -> {});
  }

  private void single(int topic, int bytes, Consumer<PublishReport> also) {
    TrafficScope scope = scopes.get(topic);
    long sequence = scope.next();
    long atNanos = nowNanos();
    attempted(scope, sequence);
    open++;
    pubSub
        .publish(Traffic.TOPICS.get(topic), scope.payload(sequence, bytes))
        .whenComplete((report, thrown) -> {
          open--;
          if (report == null) {
            refused(scope, sequence, thrown);
          } else {
            Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
            report.outcomes().forEach((outcome, count) -> counts.put(outcome, (long) count));
            counts.keySet().stream()
                .filter(outcome -> !outcome.certain()
                    || (outcome == Outcome.OVERFLOW
                        && counts.getOrDefault(outcome, 0L) > droppers(topic, -1)))
                .forEach(outcome -> traffic.needExcuse(
                    this, -1, atNanos, scope.name() + " " + sequence + " " + report));
            reported(scope, sequence, counts);
            also.accept(report);
          }
        });
  }

  /** Publishes on a topic, where as many subscriptions must have it as there are. */
  void probe(int topic, long expected) {
    node.act(() -> single(topic, 50, report -> {
      if (report.targets() != expected) {
        violate(
            "reaches-all",
            "of " + expected + " subscriptions of topic " + Traffic.TOPICS.get(topic)
                + " it was published to " + report.targets());
      }
    }));
  }

  /** Once all is well and quiet, a stream of which every item has its outcomes has all of its credit. */
  void probeCredit() {
    node.act(() -> {
      look();
      streams.forEach(TrafficStream::probe);
    });
  }

  private void subscribe() {
    if (subscribers.size() < MOST_SUBSCRIPTIONS) {
      int topic = random.nextInt(Traffic.TOPICS.size());
      Topic of = Traffic.TOPICS.get(topic);
      int throwsEach = random.nextInt(4) == 0 ? SELDOM + random.nextInt(20) : 0;
      int closesAt = random.nextInt(6) == 0 ? 1 + random.nextInt(100) : 0;
      TrafficSubscriber subscriber =
          new TrafficSubscriber(traffic, this, topic, of + "#" + ++places, throwsEach, closesAt);
      Backlog backlog = backlog(topic);
      droppers[topic] += backlog.equals(Backlog.WAIT) ? 0 : 1;
      subscriber.open(pubSub.subscribe(of, backlog, subscriber));
      subscribers.add(subscriber);
    }
  }

  private Backlog backlog(int topic) {
    int most = 1 + random.nextInt(MOST_WAITING);
    return switch (random.nextInt(topic == Traffic.HURRIED ? 2 : 4)) {
      case 0 -> Backlog.dropOldest(most);
      case 1 -> Backlog.dropNewest(most);
      default -> Backlog.WAIT;
    };
  }

  private void unsubscribe() {
    any(subscribers).ifPresent(this::unsubscribe);
  }

  void unsubscribe(TrafficSubscriber subscriber) {
    subscribers.remove(subscriber);
    subscriber.close();
  }

  private void stream() {
    if (streams.size() < MOST_STREAMS) {
      int topic = random.nextInt(Traffic.TOPICS.size());
      TrafficScope scope = new TrafficScope(number, scopes.size(), topic);
      scopes.add(scope);
      streams.add(new TrafficStream(this, scope, pubSub.publisher(Traffic.TOPICS.get(topic))));
    }
  }

  private void call() {
    long sequence = ++calls;
    long atNanos = nowNanos();
    write(new JournalRecord.Attempted(CALLS, sequence, name()));
    open++;
    life.node()
        .grains()
        .call(
            new GrainId(KIND, Integer.toString(random.nextInt(KEYS))),
            new TrafficMessage(number, 0, sequence).payload(random.nextInt(100)),
            Duration.ofSeconds(CALL_SECONDS))
        .thenAccept(report -> {
          open--;
          if (report instanceof CallReport.Unknown) {
            traffic.needExcuse(this, -1, atNanos, "call " + sequence + " " + report);
          }
          write(new JournalRecord.Reported(CALLS, sequence, Map.of(label(report), 1L)));
        });
  }

  private static String label(CallReport report) {
    if (report instanceof CallReport.Ok) {
      return "ok";
    } else if (report instanceof CallReport.AppError) {
      return "appError";
    } else if (report instanceof CallReport.NotSent) {
      return "notSent";
    } else if (report instanceof CallReport.Unknown unknown) {
      return unknown.reason() == CallReport.UnknownReason.TIMEOUT ? "timeout" : "nodeLost";
    }
    throw new AssertionError("a report that nobody knows: " + report);
  }

  /** Grains that write down that they were called. */
  private final class Tally implements GrainKind {
    @Override
    public String name() {
      return KIND;
    }

    @Override
    public Grain activate(GrainId id, NodeId on) {
      String place = id.key() + "#" + ++places;
      boolean throwing = random.nextInt(10) == 0;
      return request -> {
        TrafficMessage read =
            TrafficMessage.read(ByteBuffer.wrap(request)).orElseThrow(AssertionError::new);
        TrafficClient from = traffic.client(read.client()).orElseThrow(AssertionError::new);
        write(new JournalRecord.Handled(
            CALLS, from.name(), read.sequence(), "", on.toString(), place, throwing));
        if (throwing) {
          throw new IllegalStateException("as agreed");
        }
        return request;
      };
    }
  }

  private <T> Optional<T> any(List<T> list) {
    return list.isEmpty() ? Optional.empty() : Optional.of(list.get(random.nextInt(list.size())));
  }

  // What it writes down.

  private void write(JournalRecord record) {
    traffic.take(this, record);
  }

  void attempted(TrafficScope scope, long sequence) {
    if (!scope.isEmpty()) {
      write(new JournalRecord.Attempted(scope.name(), sequence, name()));
    }
  }

  void refused(TrafficScope scope, long sequence, Throwable reason) {
    scope.refused();
    if (!(reason instanceof PublishRefusedException)) {
      violate("refused-with-a-reason", scope.name() + " " + sequence + " " + reason);
    } else if (!scope.isEmpty()) {
      write(new JournalRecord.Refused(scope.name(), sequence, reason.toString()));
    }
  }

  void reported(TrafficScope scope, long sequence, Map<Outcome, Long> counts) {
    scope.reported(counts);
    if (!scope.isEmpty()) {
      write(new JournalRecord.Reported(
          scope.name(),
          sequence,
          counts.entrySet().stream()
              .collect(Collectors.toMap(
                  entry -> TrafficScope.label(entry.getKey()), Map.Entry::getValue))));
    }
  }

  void handled(
      TrafficClient from, TrafficMessage what, NodeId publisher, String place, boolean threw) {
    String scope = from.scope(what.scope()).orElseThrow().name();
    write(new JournalRecord.Handled(
        scope,
        from.name(),
        what.sequence(),
        publisher.toString(),
        name(),
        name() + "/" + place,
        threw));
  }

  void handledEmpty() {
    emptiesHandled++;
  }

  void violate(String rule, String detail) {
    traffic.violate(this, rule, detail);
  }

  int place(Authority address) {
    return traffic.place(address);
  }

  void needExcuse(int to, long publishedNanos, String what) {
    traffic.needExcuse(this, to, publishedNanos, what);
  }

  /** Writes down what is newly known, and looks whether its books add up at this moment. */
  private void look() {
    for (Account account : part.accounts()) {
      if (!account.balanced()) {
        violate("balanced", account.toString());
      }
    }
    streams.forEach(TrafficStream::look);
    streams.removeIf(stream -> stream.isClosed() && stream.isSettled());
  }

  // The end.

  /** Writes down the last that is known. */
  void finish() {
    if (alive().isPresent()) {
      look();
    }
  }

  /** Looks whether its accounts say what its journal says. */
  void judge() {
    if (!isEnded()) {
      return;
    }
    if (open > 0 || !streams.stream().allMatch(TrafficStream::isSettled)) {
      violate("open", open + " messages and calls have no outcome");
    }
    for (Account account : part.accounts()) {
      judge(account);
    }
    long certain = empties(Outcome.DELIVERED) + empties(Outcome.REJECTED);
    long unknown = empties(Outcome.TIMEOUT) + empties(Outcome.NODE_LOST) + empties(Outcome.CLOSING);
    if (emptiesHandled < certain || emptiesHandled > certain + unknown) {
      violate(
          "empties",
          emptiesHandled + " were handled, " + certain + " have certainly been and " + unknown
              + " perhaps");
    }
  }

  private long empties(Outcome outcome) {
    return scopes.stream()
        .filter(TrafficScope::isEmpty)
        .mapToLong(scope -> scope.count(outcome))
        .sum();
  }

  private void judge(Account account) {
    List<TrafficScope> counted = scopes.stream()
        .filter(scope -> account.scope().equals("topic " + Traffic.TOPICS.get(scope.topic())))
        .toList();
    long attempts = counted.stream().mapToLong(TrafficScope::attempts).sum();
    long refused = counted.stream().mapToLong(TrafficScope::refusals).sum();
    boolean agrees =
        account.attempts() == attempts && account.refused() == refused && account.open() == 0;
    StringBuilder journal = new StringBuilder("attempts=" + attempts + " refused=" + refused);
    for (Outcome outcome : Outcome.values()) {
      long count = counted.stream().mapToLong(scope -> scope.count(outcome)).sum();
      journal
          .append(' ')
          .append(outcome.name().toLowerCase(Locale.ROOT))
          .append('=')
          .append(count);
      agrees &= account.outcomes().getOrDefault(TrafficScope.label(outcome), 0L) == count;
    }
    if (!agrees) {
      violate("accounts", account + ", and the journal has " + journal);
    }
  }
}
