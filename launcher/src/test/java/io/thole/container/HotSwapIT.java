package io.thole.container;

import static io.thole.container.NodeFramework.CORE;
import static io.thole.container.NodeFramework.ROSTER;
import static io.thole.container.NodeFramework.STATIC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleException;

/** Providers that come and go while the node runs, by what an operator does with their bundles. */
class HotSwapIT {
  private static final String SELF = "127.0.0.1:26050";

  @TempDir
  private Path home;

  private NodeFramework node;

  @BeforeEach
  void startWithTheStaticProvider() throws Exception {
    node = new NodeFramework(home);
    node.configureMembers("127.0.0.1:26051,127.0.0.1:26052");
    node.start(CORE, STATIC);
    node.awaitActive("static");
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
  }

  @Test // O1, O6
  void aBetterOneThatIsDroppedInTakesOver() throws Exception {
    node.writeRoster("127.0.0.1:26052", "127.0.0.1:26053");

    node.start(ROSTER);
    node.awaitActive("roster");

    node.awaitMembers(SELF, "127.0.0.1:26052", "127.0.0.1:26053");
    node.events().await("ProviderSwapped");
    String report = node.events().lines("ProviderSwapped").get(0);
    assertTrue(
        report.startsWith("ProviderSwapped from=static to=roster joined=[127.0.0.1:26053]"
            + " left=[127.0.0.1:26051] version=2"),
        report);
  }

  @Test // O1
  void theNextBestFollowsWhenTheActiveOneIsRemoved() throws Exception {
    node.start(FixtureBundle.provider("better", 10, "127.0.0.1:26053"));
    node.awaitActive("better");

    node.bundle("better").uninstall();

    node.awaitActive("static");
    node.awaitMembers(SELF, "127.0.0.1:26051", "127.0.0.1:26052");
    assertEquals(
        List.of("better started", "better shutdown(true)"), node.events().lines("better "));
    assertEquals(List.of(), node.events().lines("TopologyStale"));
  }

  @Test // O1
  void aHigherRankingOfTheOneThatStandsByMovesTheChoice() throws Exception {
    node.start(FixtureBundle.provider("better", 10, "127.0.0.1:26053"));
    node.awaitActive("better");

    node.configure(STATIC, Map.of("members", "127.0.0.1:26051", "service.ranking", 20));

    node.awaitActive("static");
    node.awaitMembers(SELF, "127.0.0.1:26051");
  }

  @Test // O1
  void anUpdateInPlaceOfTheOnlyOneChangesNoMember() throws Exception {
    node.events().await("Startup");

    node.bundle(STATIC).update();
    node.awaitActive("static");
    node.events().await("ProviderSwapped");

    assertEquals(List.of(), lefts());
    assertEquals(1, node.events().lines("TopologyStale source=static").size());
    assertEquals(1, node.events().lines("ProviderSwapped").size());
    String report = node.events().lines("ProviderSwapped").get(0);
    assertTrue(
        report.startsWith("ProviderSwapped from=none to=static joined=[] left=[] version=1"),
        report);
  }

  @Test // O1
  void anUpdateInPlaceOfTheBestOneReturnsToIt() throws Exception {
    node.start(FixtureBundle.provider("better", 10, "127.0.0.1:26053"));
    node.awaitActive("better");

    node.bundle("better").update();

    node.awaitActive("better");
    node.awaitMembers(SELF, "127.0.0.1:26053");
    assertEquals(List.of(), node.events().lines("TopologyStale"));
  }

  @Test // O3
  void theOldOneRunsOnWhenTheNewOneFailsAndOneEventSaysWhy() throws Exception {
    Path missing = home.resolve("roster.txt");

    node.start(ROSTER);
    node.events().await("ProviderSwapFailed");

    node.awaitActive("static");
    node.awaitMembers(SELF, "127.0.0.1:26051", "127.0.0.1:26052");
    assertEquals(1, node.events().lines("ProviderSwapFailed").size());
    String failure = node.events().lines("ProviderSwapFailed").get(0);
    assertTrue(failure.startsWith("ProviderSwapFailed from=static to=roster"), failure);
    assertTrue(failure.contains(missing.toString()), failure);
    assertEquals(List.of(), lefts());
  }

  @Test // O3, O1
  void theOneThatFailedTakesOverOnceItsConfigurationIsMended() throws Exception {
    node.start(ROSTER);
    node.events().await("ProviderSwapFailed");
    node.writeRoster("127.0.0.1:26061");

    node.configure(ROSTER, Map.of("file", "roster.txt"));

    node.awaitActive("roster");
    node.awaitMembers(SELF, "127.0.0.1:26061");
  }

  @Test // O4
  void theViewStaysAndIsMarkedStaleWhenTheLastOneGoes() throws Exception {
    node.bundle(STATIC).stop();
    node.events().await("TopologyStale source=static");

    node.awaitMembers(SELF, "127.0.0.1:26051", "127.0.0.1:26052");
    assertTrue(node.cluster().topology().stale());
    node.start(FixtureBundle.provider("next", 0, "127.0.0.1:26052,127.0.0.1:26053"));
    node.events().await("ProviderSwapped");
    String report = node.events().lines("ProviderSwapped").get(0);
    assertTrue(
        report.startsWith("ProviderSwapped from=none to=next joined=[127.0.0.1:26053]"
            + " left=[127.0.0.1:26051] version=2"),
        report);
    assertEquals(false, node.cluster().topology().stale());
  }

  @Test // O1, O6
  void anOperatorsChoiceHoldsUntilTheChosenBundleGoes() throws Exception {
    node.start(FixtureBundle.provider("worse", -10, "127.0.0.1:26063"));
    node.cluster().swap("worse").toCompletableFuture().join();

    node.start(FixtureBundle.provider("better", 10, "127.0.0.1:26053"));
    node.awaitActive("worse");
    node.bundle("worse").stop();

    node.awaitActive("better");
    node.awaitMembers(SELF, "127.0.0.1:26053");
  }

  @Test // M2
  void anApplicationMayTakeABundleOutFromWhereItWasTold() throws Exception {
    node.start(FixtureBundle.provider("better", 10, "127.0.0.1:26053"));
    node.awaitActive("better");

    node.cluster()
        .swap("static")
        .thenCompose(report -> node.cluster().swap("better"))
        .thenAccept(report -> uninstall("better"))
        .toCompletableFuture()
        .join();

    node.awaitActive("static");
    assertEquals(List.of(), node.events().lines("PartFailed"));
  }

  private void uninstall(String bundle) {
    try {
      long beganNanos = System.nanoTime();
      node.bundle(bundle).uninstall();
      long seconds = (System.nanoTime() - beganNanos) / 1_000_000_000;
      if (seconds >= 5) { // the limit after which the core lets a bundle go unheard
        throw new AssertionError("the core waited for itself, " + seconds + " s");
      }
    } catch (BundleException e) {
      throw new AssertionError(e);
    }
  }

  private List<String> lefts() {
    return node.events().lines("TopologyUpdated").stream()
        .filter(event -> !event.contains(" left=[] "))
        .toList();
  }
}
