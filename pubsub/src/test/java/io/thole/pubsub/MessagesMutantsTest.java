package io.thole.pubsub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.NodeId;
import io.thole.core.ClusterCore;
import io.thole.testkit.mutants.Mutant;
import io.thole.testkit.mutants.MutantLoader;
import io.thole.testkit.simulate.Simulate;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Whether the swarm with messages finds bugs of the data plane: some are put into links, credit, runs and accounts on purpose, and each
 * must be caught within a few seeds. The rule by which each was caught is printed. It takes minutes: {@code -Dthole.mutants=all}.
 */
@EnabledIfSystemProperty(named = "thole.mutants", matches = "all")
class MessagesMutantsTest {
  private static final Pattern BROKEN = Pattern.compile("seed (\\d+) breaks (\\S+) at step (\\d+)");
  private static final int MOST_SEEDS = 40;

  private static final String FAULTS =
      "delay,one-way,partition,pause,restart,overflow,reset,silent-drop,provider-swap,reset-storm,transport-update,slow-handler";

  /** Nothing here explains that an outcome is unknown. */
  private static final String CONNECTIONS = "reset,reset-storm,transport-update,provider-swap";

  private static final String CORE = "core-impl/src/main/java/io/thole/core/";
  private static final String SENDER = CORE + "link/LinkSender.java";
  private static final String PUBSUB = "pubsub/src/main/java/io/thole/pubsub/";
  private static final String INLET = PUBSUB + "Inlet.java";
  private static final String PUBLISHER = PUBSUB + "TopicPublisher.java";

  private static final List<String> TABLE = new ArrayList<>();

  private static final List<Mutant> MUTANTS = List.of(
      new Mutant("sends nothing again", SENDER, "    next = oldest;\n", ""),
      new Mutant(
          "leaves out a frame when it sends again",
          SENDER,
          "    next = oldest;\n",
          "    next = oldest == null ? null : oldest.following;\n"),
      new Mutant(
          "appends to a frame that has gone out", SENDER, "return !sent && bytes", "return bytes"),
      new Mutant(
          "tells of no exception",
          INLET,
          "      gaps.addLast(new PeerMessage.Gap(first, last, outcome));\n",
          ""),
      new Mutant(
          "says that a run is done when it begins",
          INLET,
          "    int done = run.done();\n",
          "    int done = run.messages();\n"),
      new Mutant("counts a run twice", PUBSUB + "Run.java", "    settled = items;\n", ""),
      new Mutant(
          "begins a stream one item late",
          PUBSUB + "Inflow.java",
          "target, next - 1,",
          "target, next,"),
      new Mutant(
          "gives no credit back",
          PUBSUB + "Sink.java",
          "      progressBytes = Math.max(progressBytes, Math.min(bytes, sentBytes));\n",
          ""),
      new Mutant(
          "goes on with a handler that has unsubscribed",
          PUBSUB + "Run.java",
          " && subscription.isOpen()",
          ""),
      new Mutant("ends twice what is lost", PUBLISHER, "      sink.end(last);\n", ""),
      new Mutant(
          "takes the word of one stream for another",
          PUBLISHER,
          "    if (sink.stream() != progress.stream()\n        || sink.subscription()",
          "    if (sink.subscription()"),
      new Mutant(
          "keeps the subscriptions of who is gone",
          PUBSUB + "PeerSession.java",
          "    List.copyOf(targets.keySet()).forEach(this::remove);\n",
          ""));

  private static final List<Mutant> MUTANTS_OF_CONNECTIONS = List.of(new Mutant(
      "acknowledges more than has come",
      SENDER,
      "    received = sequence;\n",
      "    received = sequence + 1;\n"));

  @TestFactory
  Stream<DynamicTest> findsEachBugThatIsPutIn() {
    return Stream.concat(hunts(MUTANTS, FAULTS), hunts(MUTANTS_OF_CONNECTIONS, CONNECTIONS));
  }

  private static Stream<DynamicTest> hunts(List<Mutant> mutants, String faults) {
    return mutants.stream()
        .map(mutant -> DynamicTest.dynamicTest(mutant.name(), () -> hunt(mutant, faults)));
  }

  @AfterAll
  static void printTable() {
    TABLE.forEach(System.out::println);
  }

  private static void hunt(Mutant mutant, String faults) throws Exception {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    ToolProvider simulate = (ToolProvider) new MutantLoader(mutant.compile(classPath()))
        .loadClass(Simulate.class.getName())
        .getConstructor()
        .newInstance();
    int exit = simulate.run(
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        "messages",
        "--seeds",
        "1.." + MOST_SEEDS,
        "--nodes",
        "2..4",
        "--seconds",
        "45",
        "--no-shrink",
        "--until-violation",
        "--faults",
        faults);

    String told = err.toString(StandardCharsets.UTF_8);
    Matcher broken = BROKEN.matcher(told);
    assertTrue(broken.find(), mutant + " was not caught by " + MOST_SEEDS + " seeds: " + told);
    assertEquals(1, exit);
    TABLE.add("%-45s seed %3s, step %6s: %s"
        .formatted(mutant.name(), broken.group(1), broken.group(3), broken.group(2)));
  }

  private static List<Path> classPath() throws URISyntaxException {
    List<Path> path = new ArrayList<>();
    for (Class<?> type :
        List.of(NodeId.class, ClusterCore.class, PubSubBroker.class, Nullable.class)) {
      path.add(Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()));
    }
    return path;
  }
}
