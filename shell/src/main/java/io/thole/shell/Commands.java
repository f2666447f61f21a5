package io.thole.shell;

import io.thole.api.Cluster;
import io.thole.api.Escaped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The commands of the scope {@code thole}.
 *
 * @param all each of them, sorted by name
 */
record Commands(List<Command> all) {
  /** Sorts and copies the list. */
  Commands {
    all = all.stream()
        .sorted(Comparator.comparing(command -> command.usage().name()))
        .toList();
  }

  /**
   * Makes them.
   *
   * @param services what they ask
   * @param history the events that {@code events} shows
   * @param printed the topics that {@code subscribe} prints
   */
  static Commands of(Services services, EventHistory history, Printed printed) {
    Supplier<Cluster> node = services::node;
    List<Command> all = new ArrayList<>();
    all.addAll(new MemberCommands(node).commands());
    all.addAll(new ProviderCommands(node).commands());
    all.addAll(new BlockCommands(node).commands());
    all.addAll(new EventCommands(history).commands());
    all.addAll(new NodeCommands(services, history).commands());
    all.addAll(new Accounts(node).commands());
    all.addAll(new TopicCommands(services, printed).commands());
    all.addAll(new GrainCommands(services).commands());
    all.add(help(List.copyOf(all)));
    return new Commands(all);
  }

  /** Returns the command of a name. */
  Optional<Command> find(String name) {
    return all.stream().filter(command -> command.usage().name().equals(name)).findFirst();
  }

  /** Returns what a person is told who typed a name that no command has. */
  String unknown(String name) {
    String hint = Nearest.to(
            name, all.stream().map(command -> command.usage().name()).toList())
        .map(near -> "; did you mean " + near + "? All of them: help")
        .orElse("; all of them: help");
    return "unknown command " + Escaped.of(name) + hint;
  }

  private static Command help(List<Command> others) {
    Usage usage = Usage.of("help [COMMAND]", "Shows the commands, or how one is called.");
    List<Command> all = new ArrayList<>(others);
    Command help =
        new Command(usage, (arguments, page) -> help(new Commands(all), arguments, page));
    all.add(help);
    return help;
  }

  private static void help(Commands commands, Arguments arguments, Page page) {
    if (arguments.words().isEmpty()) {
      page.table(
          commands.all().stream()
              .map(command -> Row.EMPTY
                  .with("command", command.usage().synopsis())
                  .with("summary", command.usage().summary()))
              .toList(),
          "There are none.");
      page.note(
          "exit ends the console. What has blanks, brackets or semicolons stands in quotes: block \"[::1]:26051\"");
      return;
    }
    String name = arguments.word(0);
    Usage usage = commands
        .find(name)
        .orElseThrow(() -> new CommandFailedException(commands.unknown(name)))
        .usage();
    page.line(
        Row.EMPTY.with("command", usage.synopsis()).with("summary", usage.summary()), usage.help());
  }
}
