package io.thole.testkit.simulate;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.testkit.sim.Experiment;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulateTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void isFoundByTheLauncher() {
    assertTrue(ServiceLoader.load(ToolProvider.class).stream()
        .anyMatch(tool -> tool.type() == Simulate.class));
  }

  @Test
  void printsALineForEachSeedAndATotal() {
    assertEquals(0, run("crash --nodes 8 --seeds 4..5"), err::toString);

    List<String> lines = out.toString().lines().toList();
    String seed =
        "\\{\"experiment\":\"crash\",\"engine\":\"thole\",\"seed\":4,\"nodeSeconds\":[0-9.]+,"
            + "\"violations\":0,\"firstMedian\":[0-9.]+,\"firstP99\":[0-9.]+,\"firstP999\":[0-9.]+,"
            + "\"fullMedian\":[0-9.]+,\"fullP99\":[0-9.]+,\"fullP999\":[0-9.]+,\"viewsPublished\":1,"
            + "\"publications\":7,\"trace\":\"[0-9a-f]{16}\",\"wallMillis\":[0-9]+}";
    assertAll(
        () -> assertEquals(3, lines.size()),
        () -> assertTrue(lines.get(0).matches(seed), lines.get(0)),
        () -> assertTrue(lines.get(1).contains("\"seed\":5,"), lines.get(1)),
        () -> assertTrue(lines.get(2).contains("\"total\":true,\"seeds\":2,"), lines.get(2)));
  }

  @Test
  void printsTheSameOnAnyNumberOfThreads() {
    assertEquals(
        0, run("threshold --nodes 8 --blocked 1,2 --millis 512,8192 --seeds 1..3 --threads 1"));
    String alone = figures();
    out.getBuffer().setLength(0);
    assertEquals(
        0, run("threshold --nodes 8 --blocked 1,2 --millis 512,8192 --seeds 1..3 --threads 3"));

    assertEquals(alone, figures());
  }

  @Test
  void everyExperimentPrintsTheKeysThatItPromises() {
    Map<String, List<String>> small = Map.ofEntries(
        Map.entry(
            "threshold --nodes 6 --blocked 1 --millis 8192", List.of("firstMedian", "fullP999")),
        Map.entry(
            "interval --nodes 6 --blocked 1 --millis 512 --between 64",
            List.of("runs", "fp", "fpHealthy", "messages", "bytes")),
        Map.entry(
            "crash --nodes 6 --kill true", List.of("firstMedian", "fullP999", "viewsPublished")),
        Map.entry("loss --nodes 6 --seconds 5", List.of("nodeHours", "fp", "bytesPerNodeSecond")),
        Map.entry("pause --nodes 6 --victims 1 --seconds 5", List.of("fp", "fpPerRun", "stuck")),
        Map.entry("join --nodes 6", List.of("seenMedian", "seenP99")),
        Map.entry(
            "storm --nodes 6",
            List.of("allSeeAllSeconds", "viewsPublished", "bytesPerNode", "publicationsPerNode")),
        Map.entry("restart --nodes 6", List.of("stuck", "allSeeAllSeconds")),
        Map.entry("partition --nodes 6 --seconds 30", List.of("stuck", "healSeconds")),
        Map.entry("masscrash --nodes 6 --victims 4", List.of("agreeMedian", "agreeP99")),
        Map.entry("agreement --nodes 6", List.of("majorityMedian", "allP99")),
        Map.entry(
            "swarm --nodes 3..3 --seeds 1..1 --seconds 30",
            List.of("seed", "nodes", "virtualSeconds")),
        Map.entry(
            "speed --nodes 6 --seconds 2 --warm 1",
            List.of("nodeSecondsPerSecond", "bytesPerNodeSecond")));
    List<String> common =
        List.of("experiment", "engine", "nodeSeconds", "violations", "trace", "wallMillis");

    small.forEach((line, keys) -> {
      out.getBuffer().setLength(0);
      assertEquals(0, run(line), () -> line + ": " + err + out);
      for (String key : Stream.concat(keys.stream(), common.stream()).toList()) {
        assertTrue(out.toString().contains("\"" + key + "\":"), () -> key + " in " + out);
      }
    });
    assertEquals(
        Simulate.experiments().stream().map(Experiment::name).sorted().toList(),
        small.keySet().stream().map(line -> line.split(" ", 2)[0]).sorted().toList());
  }

  @Test
  void tellsOfEveryExperimentAndOption() {
    assertEquals(0, run("--help"));
    for (Experiment experiment : Simulate.experiments()) {
      assertTrue(out.toString().contains(experiment.name()), experiment.name());
      out.getBuffer().setLength(0);
      assertEquals(0, run(experiment.name() + " --help"));
      assertTrue(out.toString().contains("--seeds"), out::toString);
      if (!experiment.name().equals("swarm")) { // whole nodes have the settings of nodes
        assertTrue(out.toString().contains("probePeriodMillis=1000.0"), out::toString);
      }
      out.getBuffer().setLength(0);
      assertEquals(0, run("--help"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "frob | unknown experiment frob; allowed: swarm, threshold, interval,",
        "swarm --frob | unknown option --frob; allowed: --seeds, --nodes, --seconds,",
        "crash --frob 1 | unknown option --frob; allowed: --engine, --seeds, --threads, --set, --nodes,",
        "crash --nodes | --nodes needs a value",
        "crash --nodes 1 | --nodes 1; allowed: 2..10000",
        "crash --nodes many | --nodes many; allowed: 2..10000",
        "crash --nodes 4 --victims 4 | --victims 4; allowed: 1..3",
        "crash --kill maybe | --kill maybe; allowed: true, false",
        "crash --seeds 5..1 | --seeds 5..1; FROM is after TO",
        "crash --seeds a..b | --seeds a..b; expected FROM..TO",
        "crash --engine raft | --engine raft; allowed: swim, lifeguard, thole",
        "crash --threads 0 | --threads 0; allowed: 1..256",
        "crash --set fanOut | --set fanOut; expected KEY=VALUE with one of: probePeriodMillis,",
        "crash --set probePeriodNanos=1 | --set probePeriodNanos=1; expected KEY=VALUE with one of:",
        "crash --set fanOut=few | --set fanOut=few; expected a value of type int",
        "loss --percent 101 | --percent 101; allowed: 0..100",
        "interval --between 1,x | --between x; allowed: 1..3600000",
      })
  void saysWhatIsWrongWithTheArguments(String words, String complaint) {
    assertEquals(2, run(words));

    assertTrue(err.toString().startsWith("simulate: " + complaint), err::toString);
    assertEquals("", out.toString());
  }

  @Test
  void changesASettingOfTheEngine() {
    assertEquals(0, run("speed --nodes 6 --seconds 5 --warm 1"));
    double before = messages();
    out.getBuffer().setLength(0);
    assertEquals(0, run("speed --nodes 6 --seconds 5 --warm 1 --set probePeriodMillis=500"));

    assertEquals(2, messages() / before, 0.4);
  }

  @Test
  void failsWhereSomethingIsViolated() {
    // Nobody can see anybody: what crashes is never gone.
    assertEquals(1, run("crash --nodes 4 --set probePeriodMillis=1000000000"));

    assertTrue(out.toString().contains("\"violations\":1"), out::toString);
  }

  private int run(String words) {
    return new Simulate()
        .run(new PrintWriter(out), new PrintWriter(err), words.strip().split(" +"));
  }

  private String figures() {
    return out.toString().replaceAll("\"wallMillis\":[0-9]+", "");
  }

  private double messages() {
    String line = out.toString().lines().findFirst().orElseThrow();
    return Double.parseDouble(line.replaceAll(".*\"messages\":([0-9]+).*", "$1"));
  }
}
