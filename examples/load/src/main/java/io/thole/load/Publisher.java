package io.thole.load;

import io.thole.api.Escaped;
import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.PubSub;
import io.thole.api.pubsub.PublishRefusedException;
import io.thole.api.pubsub.PublishReport;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Publishes messages with a number, and writes down what came of each. Confined to one thread, save for the reports. */
final class Publisher implements Pulse.Beat {
  private final LoadSettings settings;
  private final JournalComponent journals;
  private final Supplier<@Nullable PubSub> pubSub;
  private final Supplier<String> node;
  private long published;

  Publisher(
      LoadSettings settings,
      JournalComponent journals,
      Supplier<@Nullable PubSub> pubSub,
      Supplier<String> node) {
    this.settings = settings;
    this.journals = journals;
    this.pubSub = pubSub;
    this.node = node;
  }

  @Override
  public boolean beat(long skipped) {
    if (skipped > 0) {
      journals.noted("late: skipped " + skipped + " publishes");
    }
    PubSub present = pubSub.get();
    if (present != null) {
      journals.current().ifPresent(journal -> publish(present, journal));
    }
    return settings.count() == 0 || published < settings.count();
  }

  private void publish(PubSub present, Journal journal) {
    String scope = "topic " + settings.topic();
    journal.attempted(scope, node.get()).ifPresent(sequence -> {
      published++;
      byte[] payload = new LoadMessage(journal.run(), sequence).encode(settings.bytes());
      present
          .publish(settings.topic(), payload)
          .whenComplete((report, failure) -> settle(journal, scope, sequence, report, failure));
    });
  }

  private static void settle(
      Journal journal,
      String scope,
      long sequence,
      @Nullable PublishReport report,
      @Nullable Throwable failure) {
    Throwable reason = failure instanceof CompletionException ? failure.getCause() : failure;
    if (report != null) {
      journal.reported(scope, sequence, outcomes(report));
    } else if (reason instanceof PublishRefusedException refusal) {
      journal.refused(scope, sequence, refusal.reason().name());
    } else { // nobody may end a publish like this: it stays open, and the checker says so
      journal.noted(scope + " " + sequence + " ended in " + Escaped.plain(String.valueOf(reason)));
    }
  }

  private static Map<String, Integer> outcomes(PublishReport report) {
    return report.outcomes().entrySet().stream()
        .collect(Collectors.toMap(outcome -> name(outcome.getKey()), Map.Entry::getValue));
  }

  private static String name(Outcome outcome) {
    return switch (outcome) {
      case DELIVERED -> "delivered";
      case REJECTED -> "rejected";
      case OVERFLOW -> "overflow";
      case UNSUBSCRIBED -> "unsubscribed";
      case TIMEOUT -> "timeout";
      case NODE_LOST -> "nodeLost";
      case CLOSING -> "closing";
    };
  }
}
