package io.thole.container;

import static io.thole.container.NodeFramework.CORE;
import static io.thole.container.NodeFramework.ROSTER;
import static io.thole.container.NodeFramework.STATIC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Providers that come and go while the node runs, by what an operator does with their bundles. */
class HotSwapIT {
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

    node.awaitMembers("127.0.0.1:26050", "127.0.0.1:26052", "127.0.0.1:26053");
    node.events().await("ProviderSwapped");
    String report = node.events().lines("ProviderSwapped").get(0);
    assertTrue(
        report.startsWith(
            "ProviderSwapped from=static to=roster joined=[127.0.0.1:26053] left=[127.0.0.1:26051] version=2"),
        report);
  }

  @Test // O1
  void theNextBestFollowsWhenTheActiveOneIsRemoved() throws Exception {
    node.start(FixtureBundle.provider("better", 10, "127.0.0.1:26053"));
    node.awaitActive("better");

    node.bundle("better").uninstall();

    node.awaitActive("static");
    node.awaitMembers("127.0.0.1:26050", "127.0.0.1:26051", "127.0.0.1:26052");
    assertEquals(
        List.of("better started", "better shutdown(true)"), node.events().lines("better "));
    assertEquals(List.of(), node.events().lines("TopologyStale"));
  }
}
