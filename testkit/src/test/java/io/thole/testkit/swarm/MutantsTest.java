package io.thole.testkit.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.NodeId;
import io.thole.core.ClusterCore;
import io.thole.gossip.GossipEngine;
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
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Whether the swarm finds bugs: some are put in on purpose, and each must be caught within a few seeds. */
class MutantsTest {
  private static final Pattern BROKEN = Pattern.compile("seed (\\d+) breaks (\\S+) at step (\\d+)");
  private static final int MOST_SEEDS = 60;

  private static final String FAULTS =
      "delay,loss,one-way,partition,flip-flop,non-transitive,slow,pause,late-timers,crash,"
          + "restart,swap-addresses,all-at-once,leave,dead-seeds,overflow,reset,silent-drop,corrupt,wall-clock,provider-swap";

  private static final String STATEMENTS = "gossip/src/main/java/io/thole/gossip/Statements.java";
  private static final String REGISTER = "gossip/src/main/java/io/thole/gossip/Register.java";
  private static final String INQUEST = "gossip/src/main/java/io/thole/gossip/Inquest.java";
  private static final String PUBLISHER =
      "core-impl/src/main/java/io/thole/core/NodeTopologyPublisher.java";
  private static final String MEMBERS = "core-impl/src/main/java/io/thole/core/MemberList.java";

  private static final List<String> TABLE = new ArrayList<>();

  private static final List<Mutant> MUTANTS = List.of(
      new Mutant("goes on suspecting who has gone", REGISTER, "inquest.forget(node);", ""),
      new Mutant(
          "skips the refutation",
          STATEMENTS,
          "update.claim() != Update.Claim.ALIVE && update.refutation() >= local.refutation();",
          "update.refutation() > local.refutation();"),
      new Mutant(
          "refutes on behalf of others",
          STATEMENTS,
          "() -> new Update(Update.Claim.ALIVE, node, local.members.refutation(slot), List.of()));",
          "() -> new Update(Update.Claim.ALIVE, node, local.members.refutation(slot) + 1, List.of()));"),
      new Mutant(
          "forgets the tombstone of who died",
          REGISTER,
          "tombstones.add(verdict, local.members.isMet(slot), nowNanos);",
          ""),
      new Mutant(
          "takes old word for new of who was removed",
          REGISTER,
          ": over != null && over.refutation() >= update.refutation();",
          ": over != null && over.refutation() > update.refutation();"),
      new Mutant("lets nobody die", INQUEST, "Math.max(1, Math.min(", "Math.max(99, Math.min("),
      new Mutant("tells a suspicion twice", INQUEST, "if (!told) {", "if (told || !told) {"),
      new Mutant(
          "publishes twice",
          PUBLISHER,
          "events.emit(new TopologyUpdated(topology, blocks.authorities(), List.copyOf(view)));",
          "events.emit(new TopologyUpdated(topology, blocks.authorities(), List.copyOf(view)));"
              + "events.emit(new TopologyUpdated(topology, blocks.authorities(), List.copyOf(view)));"),
      new Mutant(
          "stamps the same version again",
          MEMBERS,
          "return last.version() + 1;",
          "return Math.max(1, last.version());"),
      new Mutant("leaves out who left", PUBLISHER, "left.add(member.authority());", ""),
      new Mutant(
          "leaves itself out of its own view",
          PUBLISHER,
          "wanted.put(self.authority(), self);",
          ""),
      new Mutant(
          "replaces a run in one event",
          PUBLISHER,
          "} else if (!next.matches(member)) {",
          "} else if (next.authority().port() == 0) {"));

  @TestFactory
  Stream<DynamicTest> findsEachBugThatIsPutIn() {
    return MUTANTS.stream()
        .map(mutant -> DynamicTest.dynamicTest(mutant.name(), () -> hunt(mutant)));
  }

  @AfterAll
  static void printTable() {
    TABLE.forEach(System.out::println);
  }

  private static void hunt(Mutant mutant) throws Exception {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exit = swarm(mutant.compile(classPath()), "1.." + MOST_SEEDS, err);

    String told = err.toString(StandardCharsets.UTF_8);
    Matcher broken = BROKEN.matcher(told);
    assertTrue(broken.find(), mutant + " was not caught by " + MOST_SEEDS + " seeds: " + told);
    assertEquals(1, exit);
    TABLE.add("%-45s seed %3s, step %6s: %s"
        .formatted(mutant.name(), broken.group(1), broken.group(3), broken.group(2)));
  }

  private static int swarm(Map<String, byte[]> exchanged, String seeds, ByteArrayOutputStream err)
      throws Exception {
    ToolProvider simulate = (ToolProvider) new MutantLoader(exchanged)
        .loadClass(Simulate.class.getName())
        .getConstructor()
        .newInstance();
    return simulate.run(
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        "swarm",
        "--seeds",
        seeds,
        "--nodes",
        "3..6",
        "--no-shrink",
        "--until-violation",
        "--faults",
        FAULTS);
  }

  private static List<Path> classPath() throws URISyntaxException {
    List<Path> path = new ArrayList<>();
    for (Class<?> type :
        List.of(NodeId.class, ClusterCore.class, GossipEngine.class, Nullable.class)) {
      path.add(Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()));
    }
    return path;
  }
}
