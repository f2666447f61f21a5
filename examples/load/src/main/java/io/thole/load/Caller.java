package io.thole.load;

import io.thole.api.grain.CallReport;
import io.thole.api.grain.GrainId;
import io.thole.api.grain.Grains;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls grains in turn, without waiting for one before the next, and writes down what came of each call. */
final class Caller implements Pulse.Beat {
  private static final Duration TIMEOUT =
      Duration.ofSeconds(5); // that of publishes, so that one rule serves both

  private final LoadSettings settings;
  private final JournalComponent journals;
  private final Supplier<@Nullable Grains> grains;
  private final Supplier<String> node;

  Caller(
      LoadSettings settings,
      JournalComponent journals,
      Supplier<@Nullable Grains> grains,
      Supplier<String> node) {
    this.settings = settings;
    this.journals = journals;
    this.grains = grains;
    this.node = node;
  }

  @Override
  public boolean beat(long skipped) {
    if (skipped > 0) {
      journals.noted("late: skipped " + skipped + " calls");
    }
    Grains present = grains.get();
    if (present != null) {
      journals.current().ifPresent(journal -> call(present, journal));
    }
    return true;
  }

  private void call(Grains present, Journal journal) {
    String scope = "kind " + settings.kind();
    journal.attempted(scope, node.get()).ifPresent(sequence -> {
      GrainId id = new GrainId(settings.kind(), Long.toString(sequence % settings.keys()));
      byte[] request = new LoadMessage(journal.run(), sequence).encode(settings.bytes());
      present
          .call(id, request, TIMEOUT)
          .thenAccept(report -> journal.reported(scope, sequence, Map.of(name(report), 1)));
    });
  }

  private static String name(CallReport report) {
    if (report instanceof CallReport.Ok) {
      return "ok";
    } else if (report instanceof CallReport.AppError) {
      return "appError";
    } else if (report instanceof CallReport.NotSent) {
      return "notSent";
    } else if (report instanceof CallReport.Unknown unknown) {
      return switch (unknown.reason()) {
        case TIMEOUT -> "timeout";
        case NODE_LOST -> "nodeLost";
      };
    }
    throw new AssertionError("a report of no kind: " + report);
  }
}
