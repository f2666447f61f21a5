package io.thole.testkit.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.testkit.simulate.Simulate;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SwarmTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void breaksNoRuleWhateverGoesWrong() { // J3, J4, J5, G8, G9: more seeds on the command line
    int exit = swarm("--seeds", "1..40");

    assertEquals(0, exit, () -> text(err));
  }

  @Test
  void doesTheSameWithTheSameSeed() {
    SwarmSettings settings = SwarmSettings.of(7, 5, Duration.ofSeconds(60), Faults.all());

    SwarmReport once = new SwarmRun(settings).run();
    SwarmReport again = new SwarmRun(settings.traced(10)).run();
    SwarmReport other =
        new SwarmRun(SwarmSettings.of(8, 5, Duration.ofSeconds(60), Faults.all())).run();

    assertEquals(once.trace(), again.trace());
    assertEquals(once.steps(), again.steps());
    assertNotEquals(once.trace(), other.trace());
  }

  @Test
  void printsOneObjectForEachSeedAndATotal() {
    int exit = swarm("--seeds", "3..4", "--nodes", "3..3", "--seconds", "30", "--faults", "none");

    List<String> lines = text(out).lines().toList();
    assertEquals(0, exit);
    assertEquals(3, lines.size());
    assertTrue(lines
        .get(0)
        .startsWith("{\"experiment\":\"swarm\",\"engine\":\"thole\",\"seed\":3,\"nodes\":3,"));
    assertTrue(
        lines.get(2).contains("\"total\":true") && lines.get(2).contains("\"violations\":0"));
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    int exit = swarm("--faults", "tea");

    assertEquals(2, exit);
    assertTrue(text(err).contains("--faults tea; allowed: all, none, delay, "), () -> text(err));
  }

  private int swarm(String... arguments) {
    return new Simulate()
        .run(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Stream.concat(Stream.of("swarm"), Stream.of(arguments)).toArray(String[]::new));
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
