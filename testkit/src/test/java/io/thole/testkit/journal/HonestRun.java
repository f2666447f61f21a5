package io.thole.testkit.journal;

import io.thole.testkit.journal.JournalRecord.Attempted;
import io.thole.testkit.journal.JournalRecord.Began;
import io.thole.testkit.journal.JournalRecord.Counted;
import io.thole.testkit.journal.JournalRecord.Ended;
import io.thole.testkit.journal.JournalRecord.Handled;
import io.thole.testkit.journal.JournalRecord.Refused;
import io.thole.testkit.journal.JournalRecord.Reported;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;

/** The journals of three processes in which everything went well, made from a seed: what lies are told about. */
final class HonestRun {
  /** A line that may be lied about. */
  record Line(long atMicros, JournalRecord record) {}

  /** A place in a journal. */
  record Spot(List<Line> journal, int index) {
    Line line() {
      return journal.get(index);
    }

    long atMicros() {
      return line().atMicros();
    }

    <T> T record(Class<T> type) {
      return type.cast(line().record());
    }

    void become(JournalRecord record) {
      journal.set(index, new Line(atMicros(), record));
    }
  }

  static final String TOPIC = "topic load";
  static final String KIND = "kind load";

  final List<List<Line>> journals = new ArrayList<>();
  final Random random;
  private final Map<String, Long> sequences = new HashMap<>();
  private long nowMicros = 1_000;

  HonestRun(long seed) {
    random = new Random(seed);
    for (int process = 0; process < 3; process++) {
      journals.add(new ArrayList<>());
      write(process, new Began(run(process), 1_700_000_000_000L));
    }
    for (int round = 0; round < 60; round++) {
      int process = random.nextInt(3);
      if (random.nextInt(3) == 0) {
        call(process);
      } else {
        publish(process);
      }
    }
    for (int process = 0; process < 3; process++) {
      write(process, new Counted(TOPIC, 3, 2, 1, 5, Map.of("delivered", 4L, "overflow", 1L), 0));
      write(process, new Ended());
    }
  }

  static String run(int process) {
    return "run-" + process;
  }

  static String node(int process) {
    return "127.0.0.1:" + (26_050 + process) + "#1";
  }

  private void publish(int process) {
    long sequence = attempt(process, TOPIC);
    if (random.nextInt(10) == 0) {
      write(process, new Refused(TOPIC, sequence, "BUSY"));
      return;
    }
    Map<String, Long> outcomes = new HashMap<>();
    for (int target = 0; target < 6; target++) {
      String outcome = outcome();
      outcomes.merge(outcome, 1L, Long::sum);
      if (outcome.equals("delivered") || outcome.equals("rejected")) {
        handle(process, target % 3, TOPIC, sequence, "sub" + target + "#1", outcome);
      }
    }
    write(process, new Reported(TOPIC, sequence, outcomes));
  }

  private void call(int process) {
    long sequence = attempt(process, KIND);
    String outcome = List.of("ok", "ok", "ok", "appError", "notSent").get(random.nextInt(5));
    if (!outcome.equals("notSent")) {
      handle(process, random.nextInt(3), KIND, sequence, "key#1", outcome);
    }
    write(process, new Reported(KIND, sequence, Map.of(outcome, 1L)));
  }

  private long attempt(int process, String scope) {
    long sequence = sequences.merge(process + scope, 1L, Long::sum);
    write(process, new Attempted(scope, sequence, node(process)));
    return sequence;
  }

  private void handle(int from, int at, String scope, long sequence, String place, String outcome) {
    boolean threw = outcome.equals("rejected") || outcome.equals("appError");
    String publisher = scope.equals(TOPIC) ? node(from) : "";
    write(at, new Handled(scope, run(from), sequence, publisher, node(at), place, threw));
  }

  private String outcome() {
    int dice = random.nextInt(10);
    return dice < 7
        ? "delivered"
        : List.of("rejected", "overflow", "unsubscribed").get(dice - 7);
  }

  private void write(int process, JournalRecord record) {
    nowMicros += 1 + random.nextInt(500);
    journals.get(process).add(new Line(nowMicros, record));
  }

  /** Returns any line whose record is as wished. */
  Spot any(Predicate<JournalRecord> wish) {
    List<Spot> spots = new ArrayList<>();
    for (List<Line> journal : journals) {
      for (int i = 0; i < journal.size(); i++) {
        if (wish.test(journal.get(i).record())) {
          spots.add(new Spot(journal, i));
        }
      }
    }
    return spots.get(random.nextInt(spots.size()));
  }

  /** Puts the journals into files. */
  List<Path> write(Path folder) {
    List<Path> files = new ArrayList<>();
    for (List<Line> journal : journals) {
      Path file = folder.resolve("journal-" + files.size());
      try {
        Files.write(
            file,
            journal.stream().map(line -> line.record().line(line.atMicros())).toList());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      files.add(file);
    }
    return files;
  }
}
