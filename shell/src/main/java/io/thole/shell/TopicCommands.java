package io.thole.shell;

import io.thole.api.NodeId;
import io.thole.api.pubsub.TopicFilter;
import java.util.List;

/** What is published, and who is told. */
final class TopicCommands {
  private final Services services;
  private final Printed printed;

  TopicCommands(Services services, Printed printed) {
    this.services = services;
    this.printed = printed;
  }

  List<Command> commands() {
    return List.of(
        new Command(
            Usage.of(
                "publish TOPIC TEXT [--count N] [--rate R] [--size B]",
                "Publishes a message and shows what became of it at each target.",
                "N is how often: once unless given; all reports are shown as one sum.",
                "R is how many a second at most; without it, as many as are reported on.",
                "B is how many bytes: the text is filled up with dots.",
                "It fails if a message was refused, or if it is not known what became of one."),
            this::publish),
        new Command(
            Usage.of(
                "subscribe TOPIC",
                "Prints what is published on a topic, until unsubscribe.",
                "In TOPIC a * between slashes is any one level: orders/*",
                "With --json each message is an object as well."),
            this::subscribe),
        new Command(Usage.of("unsubscribe TOPIC", "Ends what subscribe began."), this::unsubscribe),
        new Command(
            Usage.of(
                "topics",
                "Shows who subscribes where, and what becomes of what they do not keep up with.",
                "wait: publishers wait; dropNewest, dropOldest: nobody does. N in dropOldest(N) is how many messages",
                "may wait for a subscription of this node; of those of other nodes it is not known here."),
            this::topics));
  }

  private void publish(Arguments arguments, Page page) {
    Publication publication = Publication.of(arguments);
    Publication.Sum sum = publication.run(services.topics());
    page.line(sum.row(), sum.sentence());
    sum.failure().ifPresent(line -> {
      throw new CommandFailedException(line);
    });
  }

  private void subscribe(Arguments arguments, Page page) {
    TopicFilter topic = TopicFilter.of(arguments.word(0));
    services.topics();
    List<String> missing =
        Awaited.of(printed.add(topic, arguments.has("--json")), Awaited.LIMIT).stream()
            .map(NodeId::toString)
            .toList();
    page.line(
        Row.EMPTY.with("topic", topic.name()).with("missing", missing),
        "subscribed to " + topic
            + (missing.isEmpty()
                ? "; every member knows"
                : "; not acknowledged by " + String.join(", ", missing)));
  }

  private void unsubscribe(Arguments arguments, Page page) {
    TopicFilter topic = TopicFilter.of(arguments.word(0));
    if (!printed.remove(topic)) {
      throw new CommandFailedException(
          topic + " is not printed here; who subscribes where says: topics");
    }
    page.line(Row.EMPTY.with("topic", topic.name()), "unsubscribed from " + topic);
  }

  private void topics(Arguments arguments, Page page) {
    page.table(
        services.topics().topics().stream()
            .map(status -> Row.EMPTY
                .with("topic", status.topic().name())
                .with("subscribers", status.subscribers())
                .with("backlogs", status.backlogs())
                .with("nodes", status.nodes().stream().map(NodeId::toString).toList()))
            .toList(),
        "No topics: nobody subscribes to any.");
  }
}
