package io.thole.shell;

import io.thole.api.ClusterException;
import io.thole.api.ProviderStatus;
import io.thole.api.pubsub.PubSub;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What may stand where a person has begun to type.
 *
 * @param commands the commands
 * @param services what knows the names of topics, kinds, providers and members
 */
record Completion(Commands commands, Services services) {
  /**
   * Returns the options of the command, and what fits the place.
   *
   * @param words what stands before the place; the first is the command
   */
  List<String> after(List<String> words) {
    return commands
        .find(words.get(0).replaceFirst("^thole:", ""))
        .map(command -> after(command.usage(), words.subList(1, words.size())))
        .orElse(List.of());
  }

  private List<String> after(Usage usage, List<String> typed) {
    List<String> takers = usage.options().stream()
        .filter(option -> option.value().isPresent())
        .map(Usage.Option::name)
        .toList();
    int place = 0;
    for (int i = 0; i < typed.size(); i++) {
      boolean value = i > 0 && takers.contains(typed.get(i - 1));
      place += value || typed.get(i).startsWith("-") ? 0 : 1;
    }
    if (!typed.isEmpty() && takers.contains(typed.get(typed.size() - 1))) {
      return List.of(); // it is the value of an option
    }
    List<String> expected = Stream.concat(usage.required().stream(), usage.optional().stream())
        .skip(place)
        .toList();
    List<String> found = new ArrayList<>(expected.isEmpty() ? List.of() : names(expected.get(0)));
    usage.options().forEach(option -> found.add(option.name()));
    return found;
  }

  private Collection<String> names(String what) {
    try {
      return new TreeSet<>(namesOf(what));
    } catch (ClusterException e) {
      return List.of(); // the node is busy stopping; the command itself will say so
    }
  }

  private List<String> namesOf(String what) {
    return switch (what) {
      case "COMMAND" ->
        commands.all().stream().map(command -> command.usage().name()).toList();
      case "NAME" ->
        services.node().providers().stream().map(ProviderStatus::name).toList();
      case "TOPIC" ->
        services.pubSub().get().map(PubSub::topics).orElse(List.of()).stream()
            .map(status -> status.topic().name())
            .toList();
      case "KIND" -> MemberCommands.kinds(services.node()).stream().toList();
      case "ADDRESS" ->
        Stream.concat(
                services.node().members().stream().map(member -> member.id().authority()),
                services.node().blockList().entries().stream()
                    .map(entry -> entry.subject().authority()))
            .map(address ->
                address.toString().startsWith("[") ? "\"" + address + "\"" : address.toString())
            .toList();
      default -> List.of();
    };
  }
}
