package io.thole.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.bench.MessageFigures.What;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

class BenchTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void isFoundByItsNameAndExplainsItself() {
    ToolProvider bench = ToolProvider.findFirst("bench").orElseThrow();

    int exit = bench.run(new PrintWriter(out), new PrintWriter(err), "--help");

    assertEquals(0, exit);
    assertTrue(out.toString().startsWith("bench events [--subscribers N] [--seconds S] [--json]"));
    assertEquals("", err.toString());
  }

  @Test
  void measuresARealNodeAndPrintsOneObject() {
    int exit = run("events", "--subscribers", "2", "--seconds", "0.02", "--json");

    assertEquals("", err.toString());
    assertEquals(0, exit);
    String expected = "\\{\"bench\":\"events\",\"subscribers\":2,\"rounds\":\\[(\\d+,){4}\\d+],"
        + "\"median\":[1-9]\\d*,\"target\":200000,\"met\":(true|false)}\\R";
    assertTrue(out.toString().matches(expected), out.toString());
  }

  @Test
  void measuresMessagesBetweenTwoProcessesBesideTheFloor() {
    int exit = run("messages", "--rounds", "1", "--seconds", "0.05", "--warm-up", "0.05", "--json");

    assertEquals("", err.toString());
    assertEquals(0, exit);
    String figure = "\\{\"floor\":\\d+\\.\\d+,\"thole\":\\d+\\.\\d+,\"ratio\":[^,]+}";
    String expected = "\\{\"bench\":\"messages\",\"rounds\":1(,\"[a-z-]+\":" + figure + "){11}}\\R";
    assertTrue(out.toString().matches(expected), out.toString());
  }

  @Test
  void measuresSingleRowsWithTls() {
    int exit = run(
        "messages",
        "--tls",
        "--rows",
        "large",
        "--rounds",
        "1",
        "--seconds",
        "0.05",
        "--warm-up",
        "0.05",
        "--json");

    assertEquals("", err.toString());
    assertEquals(0, exit);
    assertTrue(out.toString().matches("\\{.*\"large-rate\".*\"large-cpu\".*}\\R"), out.toString());
    assertFalse(out.toString().contains("small"), out.toString());
  }

  @Test // P1: memory under attack
  void attacksANodeAndSeesThatItStaysSmallAndServesOthers() {
    int exit = run("attack", "--seconds", "4", "--json");

    assertEquals("", err.toString());
    assertEquals(0, exit);
    Matcher peak =
        Pattern.compile("\"peakMebibytes\":(\\d+),\"answered\":(\\d+)").matcher(out.toString());
    assertTrue(peak.find(), out::toString);
    assertTrue(Integer.parseInt(peak.group(1)) <= 320, out::toString);
    assertTrue(Integer.parseInt(peak.group(2)) > 20, out::toString);
    for (String attack : List.of("half frames made", "publishes sent", "strangers made")) {
      assertTrue(out.toString().contains("\"" + attack + "\":"), out::toString);
    }
  }

  @Test
  void measuresSinglePiecesAndWhatTheyAllocate() {
    int exit = run(
        "micro", "--rows", "link", "--rounds", "1", "--seconds", "0.1", "--warm-up", "1", "--json");

    assertEquals("", err.toString());
    assertEquals(0, exit);
    for (String name : List.of("itemsOfARun", "messages")) {
      assertTrue(
          out.toString()
              .contains("\"benchmark\" : \"io.thole.bench.micro.LinkBenchmark." + name + "\""),
          out::toString);
    }
    assertEquals(2, out.toString().split("gc\\.alloc\\.rate\\.norm", -1).length - 1, out::toString);
  }

  @Test
  void offersARowForEachClassOfBenchmarks() {
    OutputFormat nowhere = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);

    Set<String> classes = BenchmarkList.defaultList().getAll(nowhere, List.of()).stream()
        .map(BenchmarkListEntry::getUserClassQName)
        .map(name -> name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT))
        .collect(Collectors.toSet());

    assertEquals(
        MicroOptions.ROWS.stream().map(row -> row + "benchmark").collect(Collectors.toSet()),
        classes);
  }

  @Test
  void measuresMembershipInAProcessForEachNode() {
    int exit = run(
        "membership",
        "--nodes",
        "3",
        "--runs",
        "1",
        "--pauses",
        "0",
        "--idle",
        "1",
        "--warm-up",
        "0",
        "--json");

    assertEquals("", err.toString());
    assertEquals(0, exit);
    String times =
        "\\{\"runs\":1,\"medianMillis\":\\d+\\.\\d,\"p99Millis\":\\d+\\.\\d,\"millis\":\\[\\d+]},";
    String expected = "\\{\"bench\":\"membership\",\"nodes\":3,\"perProcess\":1,\"kill\":" + times
        + "\"restart\":" + times + "\"leave\":" + times + "\"rejoin\":" + times
        + "\"pauses\":\\[],\"idle\":\\{\"seconds\":1\\.\\d,.*},\"load\":.*,\"processors\":\\d+}\\R"
        + "\\{\"bench\":\"membership\",\"entries\":10000,\"bytesPerEntry\":\\d+\\.\\d}\\R";
    assertTrue(out.toString().matches(expected), out.toString());
  }

  @Test
  void measuresOnlyTheIdleCostWhereNodesShareAProcess() {
    int exit = run(
        "membership",
        "--nodes",
        "4",
        "--per-process",
        "2",
        "--idle",
        "1",
        "--warm-up",
        "0",
        "--json");

    assertEquals("", err.toString());
    assertEquals(0, exit);
    assertTrue(
        out.toString()
            .startsWith("{\"bench\":\"membership\",\"nodes\":4,\"perProcess\":2,\"pauses\":[],"
                + "\"idle\":{\"seconds\":1."),
        out.toString());
  }

  @Test
  void takesTheMedianOfTheRatiosOfEachRound() {
    Sample slow = new Sample(1_000, 80, 800, 2);
    Sample fast = new Sample(4_000, 20, 200, 1);
    List<Pair> rounds = List.of(new Pair(slow, fast), new Pair(fast, fast), new Pair(fast, slow));
    MessageFigures figures = new MessageFigures(Map.of(
        What.SMALL,
        rounds,
        What.LARGE,
        rounds,
        What.PACED,
        rounds,
        What.SINGLE,
        rounds,
        What.MANY,
        rounds));

    List<String> lines = figures.table().lines().toList();

    assertEquals(10, lines.size());
    assertEquals("A 100 B, messages/s                  4,000       4,000     1.00", lines.get(1));
  }

  @Test
  void printsATableWithTheMedian() {
    Rates rates = new Rates(8, List.of(5_000L, 1_000L, 4_000L, 3_000L, 2_000L), 200_000);

    assertEquals(3_000, rates.median());
    assertEquals(
        List.of(
            "round         events/s    deliveries/s",
            "1                5,000          40,000",
            "2                1,000           8,000",
            "3                4,000          32,000",
            "4                3,000          24,000",
            "5                2,000          16,000",
            "median           3,000          24,000",
            "target         200,000       1,600,000"),
        rates.table().lines().toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "start|unknown measurement start; allowed: events, messages, membership, attack, micro",
        "events --subscribers 0|--subscribers 0; allowed: 1..1000",
        "events --subscribers 1001|--subscribers 1001; allowed: 1..1000",
        "events --seconds 0|--seconds 0.0; allowed: 0.01..600",
        "events --seconds 600.1|--seconds 600.1; allowed: 0.01..600",
        "events --seconds NaN|--seconds NaN; allowed: 0.01..600",
        "events --seconds x|--seconds \"x\"; allowed: a number",
        "events --subscribers 1.5|--subscribers \"1.5\"; allowed: a number",
        "events --seconds|--seconds \"\"; allowed: a number",
        "membership --nodes 3,2|--nodes 2; allowed: 3..200",
        "membership --nodes 3,|--nodes \"3,\"; allowed: a number",
        "membership --per-process 51|--per-process 51; allowed: 1..50",
        "membership --runs -1|--runs -1; allowed: 0..1000",
        "membership --pauses 1001|--pauses 1001; allowed: 0..1000",
        "membership --idle 3601|--idle 3601; allowed: 0..3600",
        "membership --warm-up -1|--warm-up -1; allowed: 0..3600",
        "membership --fast|unknown option --fast; allowed: --nodes, --per-process, --runs, --pauses, --idle, --warm-up, --json",
        "attack --seconds 0|--seconds 0.0; allowed: 1..3600",
        "attack --heap 31|--heap 31; allowed: 32..4096",
        "attack --limit 63|--limit 63; allowed: 64..65536",
        "attack --fast|unknown option --fast; allowed: --seconds, --heap, --limit, --json",
        "micro --rounds 0|--rounds 0; allowed: 1..100",
        "micro --seconds 61|--seconds 61.0; allowed: 0.01..60",
        "micro --warm-up -1|--warm-up -1; allowed: 0..100",
        "micro --forks 0|--forks 0; allowed: 1..10",
        "micro --rows link,chain|--rows link,chain; allowed: some of [events, link, linkframe, peermessage, record, topology]",
        "micro --fast|unknown option --fast; allowed: --rounds, --seconds, --warm-up, --forks, --rows, --json",
        "messages --rounds 0|--rounds 0; allowed: 1..100",
        "messages --warm-up 61|--warm-up 61.0; allowed: 0.01..60",
        "messages --seconds x|--seconds \"x\"; allowed: a number",
        "messages --fast|unknown option --fast; allowed: --rounds, --seconds, --warm-up, --rows, --tls, --json",
        "messages --rows big|--rows big; allowed: some of [small, large, paced, single, many, fan]",
        "events --fast|unknown option --fast; allowed: --subscribers, --seconds, --json"
      })
  void refusesWhatItDoesNotUnderstandWithTheValueAndWhatIsAllowed(String words, String reason) {
    int exit = run(words.split(" "));

    assertEquals("bench: " + reason, err.toString().strip());
    assertEquals("", out.toString());
    assertEquals(2, exit);
  }

  private int run(String... words) {
    return new Bench().run(new PrintWriter(out), new PrintWriter(err), words);
  }
}
