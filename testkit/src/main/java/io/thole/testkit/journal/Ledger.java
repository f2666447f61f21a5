package io.thole.testkit.journal;

import io.thole.api.Escaped;
import io.thole.testkit.journal.JournalRecord.Attempted;
import io.thole.testkit.journal.JournalRecord.Began;
import io.thole.testkit.journal.JournalRecord.Counted;
import io.thole.testkit.journal.JournalRecord.Ended;
import io.thole.testkit.journal.JournalRecord.Handled;
import io.thole.testkit.journal.JournalRecord.Noted;
import io.thole.testkit.journal.JournalRecord.Refused;
import io.thole.testkit.journal.JournalRecord.Reported;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The rules of delivery, applied to the records of all processes of a run: every handler call that a report counts has one
 * record, what a report says never ran has none, none is there twice, each subscription has each publisher's messages in
 * order, nothing is open, and books add up.
 *
 * <p>Records of one run come in their order; how those of different runs lie between each other changes nothing but the
 * memory it takes: what is settled and matched is forgotten. Not safe for threads.
 *
 * <p>What it cannot show: a report counts its targets and does not name them. Where one message was said to be delivered to
 * A and to have overflowed at B, and B has it and A has not, the counts agree. A report that leaves a target out altogether
 * is seen only where that target has the message. The order of calls is not judged: it is promised only while a grain
 * stays where it is, and journals do not say that.
 */
public final class Ledger {
  /** What may be kept at a time: what is open, and who handles what of whom. Takes less than 700 MB. */
  private static final int KEPT_LIMIT = 1_000_000;

  /** How many faults are told in words; the others are counted. */
  private static final int NAMED_FAULTS = 10;

  private static final String TOPIC = "topic ";

  private record Scope(String run, String name) {}

  private record Hearing(String run, String name, String publisher) {}

  /** What one run asked for in one scope. */
  private static final class Book {
    private final Map<Long, Undertaking> open = new LinkedHashMap<>();
    private long attempted;
  }

  private final Rules rules;
  private final int keptLimit;
  private final Set<String> began = new HashSet<>();
  private final Set<String> ended = new HashSet<>();
  private final Map<Scope, Book> books = new LinkedHashMap<>();
  private final Map<Course.Ends, Course> courses = new HashMap<>();
  private final Map<Hearing, Long> lastHeardMicros = new HashMap<>();
  private final Map<String, Tally> tallies = new TreeMap<>();
  private final Map<Fault, Long> faults = new EnumMap<>(Fault.class);
  private final List<String> named = new ArrayList<>();
  private Gap longest = Gap.NONE;
  private int open;
  private long torn;

  /**
   * Opens an empty ledger.
   *
   * @param rules what differs from run to run
   */
  public Ledger(Rules rules) {
    this(rules, KEPT_LIMIT);
  }

  Ledger(Rules rules, int keptLimit) {
    this.rules = rules;
    this.keptLimit = keptLimit;
  }

  /**
   * Takes a record.
   *
   * @throws IllegalStateException if more is open than can be kept
   */
  public void take(JournalEntry entry) {
    JournalRecord record = entry.record();
    if (record instanceof Handled call) {
      handled(entry, call);
    } else if (record instanceof Attempted attempt) {
      attempted(entry, attempt);
    } else if (record instanceof Reported report) {
      reported(entry, report);
    } else if (record instanceof Refused refusal) {
      tally(refusal.scope()).refused++;
      settled(entry, refusal.scope(), refusal.sequence(), Map.of());
    } else if (record instanceof Counted counted) {
      counted(entry, counted);
    } else if (record instanceof Began) {
      began(entry.run());
    } else if (record instanceof Ended) {
      ended.add(entry.run());
    } else if (!(record instanceof Noted)) {
      throw new AssertionError("a record that nobody checks: " + record);
    }
  }

  /** Takes that a line cannot be read. */
  void malformed(String where) {
    fault(Fault.MALFORMED, where);
  }

  /** Takes that the last line of a run broke off. */
  void torn() {
    torn++;
  }

  /** Judges what is still open, and returns what was found. Call it once, after the last record. */
  public Verdict verdict() {
    books.forEach((scope, book) ->
        book.open.forEach((sequence, undertaking) -> judge(scope, sequence, undertaking)));
    Map<String, Map<String, Long>> counts = new TreeMap<>();
    tallies.forEach((kind, tally) -> counts.put(kind, tally.counts()));
    return new Verdict(
        began.size(), began.size() - ended.size(), torn, counts, longest, faults, named);
  }

  private void began(String run) {
    if (!began.add(run)) {
      fault(Fault.MALFORMED, "run " + run + " began twice");
    }
    checkKept();
  }

  private void attempted(JournalEntry entry, Attempted attempt) {
    Scope scope = new Scope(entry.run(), attempt.scope());
    Book book = book(scope);
    tally(attempt.scope()).attempts++;
    if (attempt.sequence() != book.attempted + 1) {
      fault(Fault.MALFORMED, name(scope, attempt.sequence()) + " follows " + book.attempted);
    }
    book.attempted = Math.max(book.attempted, attempt.sequence());
    Undertaking undertaking = undertaking(book, attempt.sequence());
    undertaking.attempted(attempt.node(), entry.atMicros());
    checkPublisher(scope, attempt.sequence(), undertaking);
  }

  private void reported(JournalEntry entry, Reported report) {
    tally(report.scope()).reported(report.outcomes());
    Scope scope = new Scope(entry.run(), report.scope());
    report.outcomes().forEach((name, count) -> {
      if (Undertaking.UNKNOWN.contains(name) && count > 0 && !rules.unknownAllowed()) {
        fault(Fault.UNKNOWN, name(scope, report.sequence()) + " " + name + "=" + count);
      } else if (!Undertaking.OUTCOMES.contains(name) || count < 0) {
        fault(Fault.MALFORMED, name(scope, report.sequence()) + " " + name);
      }
    });
    settled(entry, report.scope(), report.sequence(), report.outcomes());
  }

  private void settled(
      JournalEntry entry, String scopeName, long sequence, Map<String, Long> outcomes) {
    Scope scope = new Scope(entry.run(), scopeName);
    Book book = book(scope);
    Undertaking undertaking = book.open.get(sequence);
    if (undertaking == null || !undertaking.attempted() || undertaking.settled()) {
      Fault fault = sequence > book.attempted ? Fault.MALFORMED : Fault.MISCOUNTED;
      fault(fault, name(scope, sequence) + " was settled although it was not open");
      return;
    }
    if (undertaking.ageMicros(entry.atMicros()) > rules.limitMicros()) {
      fault(
          Fault.LATE,
          name(scope, sequence) + " after " + undertaking.ageMicros(entry.atMicros()) + " us");
    }
    undertaking.settled(outcomes);
    forgetIfComplete(book, sequence, undertaking);
  }

  private void handled(JournalEntry entry, Handled call) {
    tally(call.scope()).handled++;
    boolean topic = call.scope().startsWith(TOPIC);
    if (topic) {
      measureGap(entry, call);
    }
    Scope scope = new Scope(call.from(), call.scope());
    Book book = book(scope);
    Course course =
        courses.computeIfAbsent(Course.Ends.of(entry.run(), call), ends -> new Course());
    checkKept();
    boolean ahead = course.advance(call.sequence());
    if (call.sequence() <= book.attempted && !book.open.containsKey(call.sequence())) {
      fault(ahead ? Fault.SURPLUS : Fault.DUPLICATED, at(entry, scope, call));
      return;
    }
    Undertaking undertaking = undertaking(book, call.sequence());
    if (!undertaking.handled(course, call)) {
      fault(Fault.DUPLICATED, at(entry, scope, call));
      return;
    }
    if (topic && !ahead) {
      fault(Fault.REORDERED, at(entry, scope, call));
    }
    checkPublisher(scope, call.sequence(), undertaking);
    forgetIfComplete(book, call.sequence(), undertaking);
  }

  private void counted(JournalEntry entry, Counted counted) {
    if (!counted.account().balanced()) {
      fault(Fault.MISCOUNTED, "the account of run " + entry.run() + ": " + counted);
    }
  }

  private void measureGap(JournalEntry entry, Handled call) {
    String name = call.place().replaceFirst("#[^#]*$", "");
    Long last = lastHeardMicros.put(new Hearing(entry.run(), name, call.from()), entry.atMicros());
    if (last != null && entry.atMicros() - last > longest.micros()) {
      longest = new Gap(entry.atMicros() - last, entry.run(), name, entry.wallMicros());
    }
  }

  private void judge(Scope scope, long sequence, Undertaking undertaking) {
    String what = name(scope, sequence) + ": " + undertaking;
    if (!undertaking.attempted()) {
      fault(Fault.UNPUBLISHED, what);
    } else if (!undertaking.settled()) {
      if (ended.contains(scope.run()) || !rules.unknownAllowed()) {
        fault(Fault.OPEN, what);
      }
    } else if (undertaking.missing() > 0) {
      fault(Fault.LOST, what, undertaking.missing());
    } else if (undertaking.surplus() > 0) {
      fault(Fault.SURPLUS, what, undertaking.surplus());
    } else if (undertaking.miscounted()) {
      fault(Fault.MISCOUNTED, what);
    }
  }

  private void checkPublisher(Scope scope, long sequence, Undertaking undertaking) {
    if (undertaking.forged()) {
      fault(Fault.FORGED, name(scope, sequence));
    }
  }

  private void forgetIfComplete(Book book, long sequence, Undertaking undertaking) {
    if (undertaking.complete()) {
      book.open.remove(sequence);
      open--;
    }
  }

  private Undertaking undertaking(Book book, long sequence) {
    Undertaking known = book.open.get(sequence);
    if (known != null) {
      return known;
    }
    open++;
    checkKept();
    Undertaking undertaking = new Undertaking();
    book.open.put(sequence, undertaking);
    return undertaking;
  }

  private Book book(Scope scope) {
    return books.computeIfAbsent(scope, absent -> new Book());
  }

  private Tally tally(String scope) {
    return tallies.computeIfAbsent(
        scope.startsWith(TOPIC) ? "topics" : "kinds", absent -> new Tally());
  }

  private void checkKept() {
    int kept = open + courses.size() + books.size() + began.size();
    if (kept > keptLimit) {
      throw new IllegalStateException(
          "more than " + keptLimit + " things are open at a time; is a journal missing?");
    }
  }

  private void fault(Fault fault, String what) {
    fault(fault, what, 1);
  }

  private void fault(Fault fault, String what, long times) {
    faults.merge(fault, times, Long::sum);
    if (named.size() < NAMED_FAULTS) {
      named.add(Escaped.plain(fault + " " + what));
    }
  }

  private static String at(JournalEntry entry, Scope scope, Handled call) {
    return name(scope, call.sequence()) + " at " + call.place() + " of run " + entry.run();
  }

  private static String name(Scope scope, long sequence) {
    return scope.name() + " " + sequence + " of run " + scope.run();
  }
}
