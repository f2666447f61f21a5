package io.thole.launcher.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thole.launcher.docs.Step.Prompt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Types the steps of a document, in one folder, one after the other. */
final class Transcript implements AutoCloseable {
  /** What a drop-in or a changed file leads to is seen a little later: these are asked again until it is. */
  private static final Set<String> QUESTIONS = Set.of(
      "members",
      "topology",
      "providers",
      "events",
      "blocked",
      "kinds",
      "metrics",
      "doctor",
      "topics",
      "accounts",
      "grains");

  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Path folder;
  private final Map<String, Terminal> nodes = new LinkedHashMap<>();

  Transcript(Path folder) {
    this.folder = folder;
  }

  void follow(Document document) throws IOException {
    List<Step> steps = document.steps();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      String place = document.file().getFileName() + ":" + step.line() + ": " + step.command();
      if (step.at() == Prompt.NODE) {
        compare(place, step.output(), answer(step));
      } else if (startsNode(step, steps.subList(i + 1, steps.size()))) {
        Terminal node = new Terminal(folder, step.command());
        nodes.put(step.terminal(), node);
        compare(place, step.output(), node.lines(step.output().size()));
      } else {
        compare(place, step.output(), printed(step));
      }
    }
    for (Map.Entry<String, Terminal> node : nodes.entrySet()) {
      compare(
          document.file() + ": after the end of " + node.getKey(),
          List.of(),
          node.getValue().finished());
    }
  }

  /** A node stays where something is typed at it, and where it has a terminal of its own. */
  private boolean startsNode(Step step, List<Step> following) {
    boolean typed = following.stream()
        .findFirst()
        .filter(next -> next.at() == Prompt.NODE && next.terminal().equals(step.terminal()))
        .isPresent();
    boolean ownTerminal = !step.terminal().isEmpty() && step.command().startsWith("./thole run");
    return !nodes.containsKey(step.terminal()) && (typed || ownTerminal);
  }

  private List<String> printed(Step step) throws IOException {
    try (Terminal command = new Terminal(folder, step.command())) {
      return command.finished();
    }
  }

  private List<String> answer(Step step) throws IOException {
    Terminal node = nodes.get(step.terminal());
    if (node == null) {
      throw new AssertionError("no node runs at line " + step.line());
    }
    if (step.command().isEmpty()) {
      return node.lines(step.output().size());
    }
    List<String> expected = Likeness.of(step.output());
    long beganNanos = System.nanoTime();
    List<String> answer = node.ask(step.command());
    while (QUESTIONS.contains(step.command().split(" ")[0])
        && !Likeness.of(answer).equals(expected)
        && System.nanoTime() - beganNanos < LIMIT_NANOS) {
      Thread.onSpinWait();
      answer = node.ask(step.command());
    }
    return answer;
  }

  private static void compare(String place, List<String> expected, List<String> actual) {
    assertEquals(
        String.join("\n", Likeness.of(expected)), String.join("\n", Likeness.of(actual)), place);
  }

  @Override
  public void close() {
    nodes.values().forEach(Terminal::close);
  }
}
