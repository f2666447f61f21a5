package io.thole.pubsub;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.testkit.swarm.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SimulationPageTest {
  private static final Path EXAMPLE =
      Path.of("src/test/java/io/thole/pubsub/SimulatedHarbourTest.java");

  private final String page = Files.readString(Path.of("../docs/simulation.md"));

  SimulationPageTest() throws IOException {}

  @Test // N2
  void showsATestThatIsRun() throws IOException {
    assertTrue(
        page.contains("```java\n" + Files.readString(EXAMPLE) + "```\n"),
        "not the same: " + EXAMPLE);
  }

  @Test
  void listsEveryFault() {
    for (Fault fault : Fault.values()) {
      assertTrue(page.contains("`" + fault.label() + "`"), "not listed: " + fault.label());
    }
  }
}
