package io.thole.testkit.journal;

import io.thole.testkit.journal.HonestRun.Line;
import io.thole.testkit.journal.HonestRun.Spot;
import io.thole.testkit.journal.JournalRecord.Attempted;
import io.thole.testkit.journal.JournalRecord.Counted;
import io.thole.testkit.journal.JournalRecord.Handled;
import io.thole.testkit.journal.JournalRecord.Refused;
import io.thole.testkit.journal.JournalRecord.Reported;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** One thing that is not as the journals say, and what it must be called. */
enum Lie {
  LOST(Fault.LOST, run -> {
    Spot spot = run.any(Handled.class::isInstance);
    spot.journal().remove(spot.index());
  }),
  DUPLICATED_AT_ONCE(Fault.DUPLICATED, run -> {
    Spot spot = run.any(Handled.class::isInstance);
    spot.journal().add(spot.index(), spot.line());
  }),
  DUPLICATED_AT_THE_END(Fault.DUPLICATED, run -> {
    Spot spot = run.any(Handled.class::isInstance);
    spot.journal().add(new Line(Long.MAX_VALUE / 2, spot.line().record()));
  }),
  REORDERED(Fault.REORDERED, Lie::reorder),
  FALSELY_DELIVERED(Fault.LOST, run -> report(run, "overflow", "delivered")),
  FALSELY_OVERFLOWED(Fault.SURPLUS, run -> report(run, "delivered", "overflow")),
  FALSELY_UNSUBSCRIBED(Fault.SURPLUS, run -> report(run, "rejected", "unsubscribed")),
  FALSELY_REJECTED(Fault.MISCOUNTED, run -> report(run, "delivered", "rejected")),
  FORGOT_A_TARGET(Fault.SURPLUS, run -> report(run, "delivered", "")),
  FALSELY_NOT_SENT(Fault.SURPLUS, run -> report(run, "ok", "notSent")),
  FALSELY_REPLIED(Fault.LOST, run -> report(run, "notSent", "ok")),
  FALSELY_FAILED(Fault.MISCOUNTED, run -> report(run, "ok", "appError")),
  UNKNOWN(Fault.UNKNOWN, run -> report(run, "delivered", "timeout")),
  BAD_OUTCOME(Fault.MALFORMED, run -> report(run, "overflow", "vanished")),
  REFUSED_BUT_HANDLED(Fault.SURPLUS, run -> {
    Spot refused = run.any(Refused.class::isInstance);
    int process = run.journals.indexOf(refused.journal());
    refused
        .journal()
        .add(new Line(
            Long.MAX_VALUE / 2,
            new Handled(
                HonestRun.TOPIC,
                HonestRun.run(process),
                refused.record(Refused.class).sequence(),
                HonestRun.node(process),
                HonestRun.node(process),
                "stranger#1",
                false)));
  }),
  OPEN(Fault.OPEN, run -> {
    Spot spot = run.any(Reported.class::isInstance);
    spot.journal().remove(spot.index());
  }),
  LATE(Fault.LATE, run -> {
    Spot spot = run.any(Reported.class::isInstance);
    spot.journal()
        .set(spot.index(), new Line(spot.atMicros() + 6_000_001, spot.line().record()));
  }),
  REPORTED_TWICE(Fault.MISCOUNTED, run -> {
    Spot spot = run.any(Reported.class::isInstance);
    spot.journal().add(spot.index(), spot.line());
  }),
  NEVER_PUBLISHED(
      Fault.UNPUBLISHED,
      run -> handle(
          run,
          call -> new Handled(
              call.scope(), "stranger", 1, call.publisher(), call.node(), call.place(), false))),
  NOT_PUBLISHED_YET(
      Fault.UNPUBLISHED,
      run -> handle(
          run,
          call -> new Handled(
              call.scope(), call.from(), 1_000, call.publisher(), call.node(), "late#1", false))),
  FORGED(Fault.FORGED, run -> {
    Spot spot = run.any(topic(Handled.class));
    Handled call = spot.record(Handled.class);
    spot.become(new Handled(
        call.scope(),
        call.from(),
        call.sequence(),
        "127.0.0.1:1#1",
        "",
        call.place(),
        call.threw()));
  }),
  SKIPPED(Fault.MALFORMED, run -> {
    Spot spot = run.any(Attempted.class::isInstance);
    Attempted attempt = spot.record(Attempted.class);
    spot.journal()
        .add(spot.journal().size() - 1, new Line(9, new Attempted(attempt.scope(), 5_000, "")));
    spot.journal()
        .add(spot.journal().size() - 1, new Line(9, new Refused(attempt.scope(), 5_000, "BUSY")));
  }),
  BEGAN_TWICE(
      Fault.MALFORMED, run -> run.journals.get(0).add(0, run.journals.get(0).get(0))),
  ACCOUNT_WITHOUT_A_REFUSAL(Fault.MISCOUNTED, run -> account(run, 3, 2, 0, 5)),
  ACCOUNT_WITHOUT_A_TARGET(Fault.MISCOUNTED, run -> account(run, 3, 2, 1, 6));

  final Fault fault;

  @SuppressWarnings("ImmutableEnumChecker") // the lambdas hold nothing
  private final Consumer<HonestRun> teller;

  Lie(Fault fault, Consumer<HonestRun> teller) {
    this.fault = fault;
    this.teller = teller;
  }

  void tell(HonestRun run) {
    teller.accept(run);
  }

  private static <T> Predicate<JournalRecord> topic(Class<T> type) {
    return record -> type.isInstance(record) && record.toString().contains(HonestRun.TOPIC);
  }

  private static void report(HonestRun run, String from, String to) {
    Spot spot = run.any(record ->
        record instanceof Reported report && report.outcomes().getOrDefault(from, 0L) > 0);
    Reported report = spot.record(Reported.class);
    Map<String, Long> outcomes = new HashMap<>(report.outcomes());
    outcomes.merge(from, -1L, Long::sum);
    if (!to.isEmpty()) {
      outcomes.merge(to, 1L, Long::sum);
    }
    spot.become(new Reported(report.scope(), report.sequence(), outcomes));
  }

  private static void handle(HonestRun run, UnaryOperator<Handled> change) {
    Spot spot = run.any(topic(Handled.class));
    spot.journal()
        .add(spot.index(), new Line(spot.atMicros(), change.apply(spot.record(Handled.class))));
  }

  private static void account(
      HonestRun run, long attempts, long accepted, long refused, long targets) {
    Spot spot = run.any(Counted.class::isInstance);
    spot.become(new Counted(
        HonestRun.TOPIC, attempts, accepted, refused, targets, Map.of("delivered", 5L), 0));
  }

  private static void reorder(HonestRun run) {
    while (true) {
      Spot spot = run.any(topic(Handled.class));
      Handled first = spot.record(Handled.class);
      for (int i = spot.index() + 1; i < spot.journal().size(); i++) {
        if (spot.journal().get(i).record() instanceof Handled second
            && second.place().equals(first.place())
            && second.from().equals(first.from())
            && second.scope().equals(first.scope())) {
          new Spot(spot.journal(), i).become(first);
          spot.become(second);
          return;
        }
      }
    }
  }
}
