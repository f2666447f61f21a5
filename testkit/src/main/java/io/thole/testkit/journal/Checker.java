package io.thole.testkit.journal;

import io.thole.api.Escaped;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;

/**
 * Checks the journals of all processes of a run against the rules of delivery: as a library and as a program. It reads all
 * files side by side in the order of their wall clocks, so that it holds no more of them than is open at a time.
 */
public final class Checker {
  private static final int FAULTY = 1;
  private static final int USAGE = 2; // as in the rest of the command line
  private static final String HELP = """
      java -cp io.thole.api.jar:io.thole.testkit.jar io.thole.testkit.journal.Checker [OPTION...] JOURNAL...

        --allow-unknown      the run had a kill, a partition, or another excuse for unknown outcomes
        --timeout-millis N   the timeout of publishes and calls, 1..3600000; default 5000
        --json               one object on one line in place of the table

      exit code: 0 all rules were kept, 1 some were broken or nothing could be told, 2 usage
      """;

  private Checker() {}

  /**
   * Checks the files that are named, and ends the process with its exit code.
   *
   * @param arguments what a person typed
   */
  public static void main(String[] arguments) {
    System.exit(run(System.out, System.err, arguments));
  }

  /**
   * Checks files.
   *
   * @param journals the journals of all processes, in any order
   * @param rules what differs from run to run
   * @throws IOException if one cannot be read
   * @throws IllegalStateException if more is open than can be kept
   */
  public static Verdict check(List<Path> journals, Rules rules) throws IOException {
    Ledger ledger = new Ledger(rules);
    List<JournalFile> files = new ArrayList<>();
    try {
      for (Path journal : journals) {
        files.add(new JournalFile(journal, ledger));
      }
      merge(files, ledger);
      return ledger.verdict();
    } finally {
      for (JournalFile file : files) {
        file.close();
      }
    }
  }

  static int run(PrintStream out, PrintStream err, String... arguments) {
    try {
      List<String> words = List.of(arguments);
      if (words.contains("--help")) {
        out.print(HELP);
        return 0;
      }
      Order order = Order.parse(words);
      Verdict verdict = check(order.journals(), order.rules());
      out.print(order.json() ? verdict.json() + System.lineSeparator() : verdict.table());
      return verdict.clean() ? 0 : FAULTY;
    } catch (IllegalArgumentException e) {
      err.println("checker: " + e.getMessage());
      return USAGE;
    } catch (IOException | IllegalStateException e) {
      err.println("checker: " + Escaped.of(String.valueOf(e)));
      return FAULTY;
    }
  }

  private static void merge(List<JournalFile> files, Ledger ledger) throws IOException {
    PriorityQueue<JournalFile> waiting = new PriorityQueue<>(
        Comparator.comparingLong(file -> Objects.requireNonNull(file.head()).wallMicros()));
    files.stream().filter(file -> file.head() != null).forEach(waiting::add);
    for (JournalFile first = waiting.poll(); first != null; first = waiting.poll()) {
      ledger.take(Objects.requireNonNull(first.head()));
      first.advance();
      if (first.head() != null) {
        waiting.add(first);
      }
    }
  }

  private record Order(List<Path> journals, Rules rules, boolean json) {
    static Order parse(List<String> words) {
      List<Path> journals = new ArrayList<>();
      long timeoutMillis = Rules.STRICT.timeoutMillis();
      boolean unknownAllowed = false;
      boolean json = false;
      for (Iterator<String> rest = words.iterator(); rest.hasNext(); ) {
        String word = rest.next();
        switch (word) {
          case "--allow-unknown" -> unknownAllowed = true;
          case "--json" -> json = true;
          case "--timeout-millis" -> timeoutMillis = number(rest.hasNext() ? rest.next() : "");
          default -> journals.add(journal(word));
        }
      }
      if (journals.isEmpty()) {
        throw new IllegalArgumentException("no journal is named; see --help");
      }
      return new Order(journals, new Rules(timeoutMillis, unknownAllowed), json);
    }

    private static Path journal(String word) {
      if (word.startsWith("--")) {
        throw new IllegalArgumentException("unknown option " + Escaped.of(word));
      }
      return Path.of(word);
    }

    private static long number(String word) {
      try {
        return Long.parseLong(word);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "--timeout-millis " + Escaped.of(word) + "; allowed: a number", e);
      }
    }
  }
}
