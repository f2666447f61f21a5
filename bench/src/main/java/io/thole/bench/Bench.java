package io.thole.bench;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.spi.ToolProvider;

/** The command {@code bench}: measures, and prints what it saw. */
public final class Bench implements ToolProvider {
  private static final int FAILED = 1; // what was measured is not what should be
  private static final int USAGE =
      2; // the exit code that the whole command line gives to malformed options
  private static final String HELP = """
      bench events [--subscribers N] [--seconds S] [--json]
      bench messages [--rounds N] [--seconds S] [--warm-up S] [--rows ROW,ROW...] [--tls]
                     [--json]
      bench membership [--nodes N,N...] [--per-process N] [--runs N] [--pauses N] [--idle S]
                       [--warm-up S] [--json]
      bench attack [--seconds S] [--heap MIB] [--limit MIB] [--json]
      bench micro [--rounds N] [--seconds S] [--warm-up N] [--forks N] [--rows ROW,ROW...] [--json]

      events   the topology events that a real node takes from one publisher and tells all of its
               subscribers, per second; the median of 5 rounds, after one to warm up

        --subscribers N   how many, 1..1000; default 8
        --seconds S       how long a round takes, 0.01..600; default 3
        --json            one object on one line in place of the table

      messages   what two processes send each other over the loopback, beside plain Netty between the
                 same two in the same run: short bursts in turn; the medians, and that of the ratios.
                 A: one publisher, one subscriber, every message with its report; B: the time that
                 a message takes one way; C: calls of a grain; E: as A, with 8 subscribers there

        --rounds N        how often each burst is repeated, 1..100; default 3
        --seconds S       how long a burst takes, 0.01..60; default 1
        --warm-up S       how long each of them takes before the first round; default 2
        --rows ROW,ROW... which of them: small and large (A), paced (B), single and many (C),
                          fan (E); default all
        --tls             Thole with TLS 1.3 and keys made for the run, beside the same floor
        --json            one object on one line in place of the table

      membership   how long it takes until the last node of a cluster has published that one was
                   killed, left, came back; whether one that stands still for a moment is removed;
                   and what a node costs when nothing happens. Every node is a process; medians.
                   Last, how much memory gossip has for a member of which nothing is new

        --nodes N,N...    the sizes of the clusters, one after the other, 3..200; default 3,10,30
        --per-process N   how many nodes share a process, 1..50; default 1; with more than one only
                          the idle cost is measured
        --runs N          how often one is killed and another leaves, 0..1000; default 5
        --pauses N        how often a process is stopped for 1.5 s, and for 2.5 s, 0..1000; default 2
        --idle S          for how long the cost is measured, 0..3600; default 20
        --warm-up S       how long a cluster stands before that, 0..3600; default 10. What happens
                          ten times a second takes minutes to be compiled: for the CPU, take 240
        --json            one object on one line for each size in place of the tables

      attack   a node in a process of its own with a small heap. Strangers open connections and say
               nothing, or half of something, or HTTP; admitted peers leave the longest frames
               unfinished; members subscribe, stream and publish all that they may and more, mind no
               credit, read nothing and acknowledge nothing. Meanwhile healthy members exchange
               messages through it. Fails if more is resident than allowed, or they are not served

        --seconds S       for how long, 1..3600; default 60
        --heap MIB        the largest heap of the node, 32..4096; default 128
        --limit MIB       how much may be resident, 64..65536; default 320
        --json            one object on one line in place of the table

      micro    single pieces, by JMH, each in a process of its own: how long an operation takes and
               how many bytes it allocates (gc.alloc.rate.norm). Takes a minute and a half

        --rounds N        how many rounds are counted, 1..100; default 3
        --seconds S       how long a round takes, 0.01..60; default 1
        --warm-up N       how many rounds come before them, 0..100; default 3
        --forks N         in how many processes each is measured, 1..10; default 1
        --rows ROW,ROW... which: events (a node with 8 subscribers), link (append, write, receive,
                          acknowledge, in memory), linkframe, peermessage, record (codecs),
                          topology (its hash); default all
        --json            JMH's JSON in place of its table
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
      List<String> rest = words.subList(1, words.size());
      switch (words.get(0)) {
        case "events" -> events(out, rest);
        case "messages" -> messages(out, rest);
        case "membership" -> membership(out, rest);
        case "attack" -> attack(out, rest);
        case "micro" -> micro(out, rest);
        default ->
          throw new IllegalArgumentException("unknown measurement " + words.get(0)
              + "; allowed: events, messages, membership, attack, micro");
      }
      return 0;
    } catch (IllegalArgumentException e) {
      return failed(err, e, USAGE);
    } catch (IllegalStateException e) {
      return failed(err, e, FAILED);
    }
  }

  private static int failed(PrintWriter err, RuntimeException reason, int exitCode) {
    err.println("bench: " + reason.getMessage());
    err.flush();
    return exitCode;
  }

  private static void events(PrintWriter out, List<String> words) {
    EventsOptions options = EventsOptions.parse(words);
    Rates rates = new EventsBench(options).run();
    out.print(options.json() ? rates.json() : rates.table());
    out.flush();
  }

  private static void messages(PrintWriter out, List<String> words) {
    MessagesOptions options = MessagesOptions.parse(words);
    MessageFigures figures = new MessagesBench(options).run();
    out.print(options.json() ? figures.json() : figures.table());
    out.flush();
  }

  private static void membership(PrintWriter out, List<String> words) {
    MembershipOptions options = MembershipOptions.parse(words);
    for (int nodes : options.nodes()) {
      MembershipFigures figures = new MembershipBench(options, nodes).run();
      out.print(options.json() ? figures.json() : figures.table());
      out.flush();
    }
    double bytes = EntryMemory.bytesPerMember();
    out.print(options.json() ? EntryMemory.json(bytes) : EntryMemory.line(bytes));
    out.flush();
  }

  private static void micro(PrintWriter out, List<String> words) {
    out.print(new MicroBench(MicroOptions.parse(words)).run());
    out.flush();
  }

  private static void attack(PrintWriter out, List<String> words) {
    AttackOptions options = AttackOptions.parse(words);
    AttackFigures figures = new AttackBench(options).run();
    out.print(options.json() ? figures.json() : figures.table());
    out.flush();
  }
}
