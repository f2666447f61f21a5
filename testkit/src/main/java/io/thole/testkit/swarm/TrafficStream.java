package io.thole.testkit.swarm;

import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.PublishRefusedException;
import io.thole.api.pubsub.Publisher;
import io.thole.api.pubsub.PublisherReport;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** A publisher of a client, and what it has said of each of its messages. */
final class TrafficStream {
  /** The most that publishing everything up to a number may take, after it was asked when that is settled: P3, and a sweep. */
  private static final long SETTLES_NANOS = 6_200_000_000L;

  private static final int PROBES = 3;
  private static final int PROBE_BYTES = 50;

  private final TrafficClient client;
  private final TrafficScope scope;
  private final Publisher publisher;
  private final List<Sent> sent = new ArrayList<>();
  private final List<Asked> asked = new ArrayList<>();
  private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
  private long targets;
  private long settled;
  private boolean closed;

  /** A message that was accepted. */
  private record Sent(long sequence, long targets, long atNanos) {}

  /** Somebody who waits for all up to a number. */
  private record Asked(long number, long atNanos) {}

  TrafficStream(TrafficClient client, TrafficScope scope, Publisher publisher) {
    this.client = client;
    this.scope = scope;
    this.publisher = publisher;
  }

  TrafficScope scope() {
    return scope;
  }

  boolean isClosed() {
    return closed;
  }

  /** Publishes, if there is room; tells whether there may be more. */
  boolean publish(int bytes) {
    long sequence = scope.next();
    byte[] payload = scope.payload(sequence, bytes);
    try {
      OptionalLong number = publisher.tryPublish(payload);
      if (number.isEmpty()) {
        scope.takeBack();
        if (scope.topic() == Traffic.HURRIED) {
          client.violate("held-up", scope.name() + " is, where nobody is to be waited for");
        }
        return false;
      }
      if (number.getAsLong() != sent.size() + 1) {
        client.violate("numbered", scope.name() + ": " + number + " after " + sent.size());
      }
      client.attempted(scope, sequence);
      long now = scope.isEmpty() ? 0 : publisher.report().targets();
      sent.add(new Sent(sequence, now - targets, client.nowNanos()));
      targets = now;
      return true;
    } catch (PublishRefusedException refused) {
      client.attempted(scope, sequence);
      client.refused(scope, sequence, refused);
      return false;
    }
  }

  /** Publishes more than one item: the first of a stream that waits for nothing is taken without any credit. */
  void probe() {
    if (closed || !isSettled() || scope.isEmpty()) {
      return;
    }
    long refusals = scope.refusals();
    for (int i = 0; i < PROBES; i++) {
      if (!publish(PROBE_BYTES) && scope.refusals() == refusals) {
        client.violate("credit", scope.name() + " has none, and waits for nothing");
        return;
      }
    }
  }

  /** Asks to be told once all is settled, which must be in time. */
  void ask() {
    Asked question = new Asked(sent.size(), client.ranNanos());
    asked.add(question);
    publisher.settled().thenAccept(report -> {
      asked.remove(question);
      if (report.settled() < question.number()) {
        client.violate("settled", scope.name() + " says " + report + " and means " + question);
      }
    });
  }

  void close() {
    closed = true;
    publisher.close();
  }

  /** Writes down what is newly known. */
  void look() {
    PublisherReport report = publisher.report();
    if (scope.isEmpty()) {
      lookAtCounts(report);
      return;
    }
    for (long number = settled + 1; number <= report.settled(); number++) {
      tell(number, report);
    }
    settled = Math.max(settled, report.settled());
    if (report.published() != sent.size() || (settled == sent.size() && !agrees(report))) {
      client.violate("cumulative", scope.name() + " says " + report + ", and said " + outcomes);
    }
    lookAtQuestions(report);
  }

  private void lookAtQuestions(PublisherReport report) {
    for (Asked question : asked) {
      if (client.ranNanos() - question.atNanos() > SETTLES_NANOS) {
        client.violate("settled", scope.name() + " has not said so: " + question + " " + report);
      }
    }
  }

  /** Of messages that say nothing, which are many, it is enough how many had each outcome. */
  private void lookAtCounts(PublisherReport report) {
    for (Outcome outcome : Outcome.values()) {
      long more = report.count(outcome) - outcomes.getOrDefault(outcome, 0L);
      if (more < 0) {
        client.violate("cumulative", scope.name() + " says " + report + ", and said " + outcomes);
      }
      outcomes.merge(outcome, more, Long::sum);
      scope.reported(Map.of(outcome, more));
    }
    settled = report.settled();
    lookAtQuestions(report);
  }

  private boolean agrees(PublisherReport report) {
    for (Outcome outcome : Outcome.values()) {
      if (report.count(outcome) != outcomes.getOrDefault(outcome, 0L)) {
        return false;
      }
    }
    return report.open() == 0;
  }

  private void tell(long number, PublisherReport report) {
    Sent message = sent.get((int) number - 1);
    Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
    Map<Integer, Long> overflows = new HashMap<>(); // by place
    long delivered = message.targets();
    for (PublisherReport.Missed missed : report.exceptions()) {
      if (missed.first() <= number && number <= missed.last()) {
        counts.merge(missed.outcome(), 1L, Long::sum);
        delivered--;
        int place = client.place(missed.node().authority());
        if (!missed.outcome().certain()
            || (missed.outcome() == Outcome.OVERFLOW
                && overflows.merge(place, 1L, Long::sum) > client.droppers(scope.topic(), place))) {
          client.needExcuse(
              place, message.atNanos(), scope.name() + " " + message.sequence() + " " + missed);
        }
      }
    }
    counts.put(Outcome.DELIVERED, delivered);
    counts.forEach((outcome, count) -> outcomes.merge(outcome, count, Long::sum));
    client.reported(scope, message.sequence(), counts);
  }

  /** Tells whether every message has its outcomes. */
  boolean isSettled() {
    return settled == sent.size() && asked.isEmpty();
  }
}
