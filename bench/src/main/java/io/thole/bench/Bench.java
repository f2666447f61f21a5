package io.thole.bench;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.spi.ToolProvider;

/** The command {@code bench}: measures, and prints what it saw. */
public final class Bench implements ToolProvider {
  private static final int USAGE =
      2; // the exit code that the whole command line gives to malformed options
  private static final String HELP = """
      bench events [--subscribers N] [--seconds S] [--json]

      events   the topology events that a real node takes from one publisher and tells all of its
               subscribers, per second; the median of 5 rounds, after one to warm up

        --subscribers N   how many, 1..1000; default 8
        --seconds S       how long a round takes, 0.01..600; default 3
        --json            one object on one line in place of the table
      """;

  /**
   * Runs the command and ends the process with its exit code.
   *
   * @param arguments what a person typed
   */
  public static void main(String[] arguments) {
    System.exit(new Bench().run(System.out, System.err, arguments));
  }

  @Override
  public String name() {
    return "bench";
  }

  @Override
  public int run(PrintWriter out, PrintWriter err, String... arguments) {
    List<String> words = Arrays.asList(arguments);
    if (words.isEmpty() || words.contains("--help")) {
      out.print(HELP);
      out.flush();
      return 0;
    }
    try {
      if (!words.get(0).equals("events")) {
        throw new IllegalArgumentException(
            "unknown measurement " + words.get(0) + "; allowed: events");
      }
      events(out, words.subList(1, words.size()));
      return 0;
    } catch (IllegalArgumentException e) {
      err.println("bench: " + e.getMessage());
      err.flush();
      return USAGE;
    }
  }

  private static void events(PrintWriter out, List<String> words) {
    EventsOptions options = EventsOptions.parse(words);
    Rates rates = new EventsBench(options).run();
    out.print(options.json() ? rates.json() : rates.table());
    out.flush();
  }
}
