package io.thole.shell;

import java.util.List;
import java.util.stream.Stream;

/** Commands whose feature is still to come: their names and usages are taken already. */
final class ComingCommands {
  private ComingCommands() {}

  static List<Command> commands() {
    return Stream.of(
            Usage.of("accounts", "Phase 2: shows the delivery accounts, and whether they add up."),
            Usage.of(
                "publish TOPIC TEXT [--count N] [--rate R] [--size B]",
                "Phase 2: publishes a message and shows what became of it."),
            Usage.of("subscribe TOPIC", "Phase 2: prints what is published on a topic."),
            Usage.of("unsubscribe TOPIC", "Phase 2: ends what subscribe began."),
            Usage.of("topics", "Phase 2: shows who subscribes where."),
            Usage.of(
                "call KIND ID TEXT [--timeout T]", "Phase 2: calls a grain and shows its reply."),
            Usage.of("grains [KIND]", "Phase 2: shows the grains that are active."),
            Usage.of("why ADDRESS", "Phase 2: shows the evidence for a node's state."))
        .map(usage -> new Command(usage, ComingCommands::refuse))
        .toList();
  }

  private static void refuse(Arguments arguments, Page page) {
    throw new CommandFailedException(
        arguments.usage().name() + " comes with the next version (phase 2); what there is: help");
  }
}
