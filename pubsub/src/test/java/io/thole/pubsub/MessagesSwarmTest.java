package io.thole.pubsub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.thole.testkit.simulate.Simulate;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The data plane in the swarm: delivery.md 1 to 4, whatever goes wrong; {@code ./thole simulate messages} runs more seeds. */
class MessagesSwarmTest {
  private static final Pattern TRACE = Pattern.compile("\"seed\":\\d+,.*\"trace\":\"(\\w+)\"");

  /** A leave that is graceful drains for up to two seconds of real time: seen in fewer seeds, so that this does not take long. */
  private static final String FAULTS =
      "delay,loss,one-way,partition,flip-flop,non-transitive,slow,pause,late-timers,crash,restart,all-at-once,"
          + "overflow,reset,silent-drop,corrupt,provider-swap,reset-storm,transport-update,slow-handler";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test // P3, P4, P5, P6, P7, P8, L1, L2, G1, I12
  void booksAddUpWhateverGoesWrong() {
    int exit = messages("--seeds", "1..12", "--faults", FAULTS);

    assertEquals(0, exit, () -> text(err));
  }

  @Test // P3, P6
  void booksAddUpWhereNodesLeave() {
    int exit = messages("--seeds", "1..2", "--faults", "leave,block,delay");

    assertEquals(0, exit, () -> text(err));
  }

  @Test // O2: nothing is unknown, and nothing overflows, where nothing breaks but connections
  void everyOutcomeIsCertainWhereConnectionsAloneBreak() {
    int exit =
        messages("--seeds", "1..4", "--faults", "reset,reset-storm,transport-update,provider-swap");

    assertEquals(0, exit, () -> text(err));
  }

  @Test
  void doesTheSameWithTheSameSeed() {
    List<String> once = traces("3..4");
    List<String> again = traces("3..4");

    assertEquals(once, again);
    assertNotEquals(once.get(0), once.get(1));
  }

  private List<String> traces(String seeds) {
    out.reset();
    messages("--seeds", seeds, "--seconds", "40", "--faults", FAULTS);
    return TRACE.matcher(text(out)).results().map(found -> found.group(1)).toList();
  }

  private int messages(String... arguments) {
    String[] words = new String[arguments.length + 1];
    words[0] = "messages";
    System.arraycopy(arguments, 0, words, 1, arguments.length);
    return new Simulate()
        .run(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            words);
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
