package io.thole.shell;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.thole.api.Escaped;
import io.thole.api.grain.CallReport;
import io.thole.api.grain.CallReport.AppError;
import io.thole.api.grain.CallReport.NotSent;
import io.thole.api.grain.CallReport.Ok;
import io.thole.api.grain.CallReport.Unknown;
import io.thole.api.grain.GrainId;
import io.thole.api.grain.GrainStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Grains: calling one, and seeing which live where. */
final class GrainCommands {
  private static final Duration CALL = Duration.ofSeconds(5);
  private static final Duration LONGEST_CALL = Duration.ofHours(1);
  private static final Duration ASKED = Duration.ofSeconds(3);

  /** A call's outcome comes within its timeout and a second. */
  private static final Duration SLACK = Duration.ofSeconds(2);

  private final Services services;

  GrainCommands(Services services) {
    this.services = services;
  }

  List<Command> commands() {
    return List.of(
        new Command(
            Usage.of(
                "call KIND ID TEXT [--timeout T]",
                "Calls a grain and shows its reply, the node that answered and the time it took.",
                "T is how long to wait: 5s unless given, 1h at most.",
                "It fails unless the grain replied."),
            this::call),
        new Command(
            Usage.of("grains [KIND]", "Shows the grains that are active in the cluster."),
            this::grains));
  }

  private void call(Arguments arguments, Page page) {
    GrainId id = new GrainId(arguments.word(0), arguments.word(1));
    Duration timeout = arguments.duration("--timeout").orElse(CALL);
    if (timeout.compareTo(LONGEST_CALL) > 0) {
      throw new CommandFailedException("--timeout is over 1h; allowed: up to 1h");
    }
    long beganNanos = System.nanoTime();
    CallReport report = Awaited.of(
        services.callable().call(id, arguments.word(2).getBytes(UTF_8), timeout),
        timeout.plus(SLACK));
    long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - beganNanos);
    if (report instanceof Ok ok) {
      String reply = new String(ok.reply(), UTF_8);
      page.line(
          row(id, "OK", Optional.of(reply), Optional.of(ok.node().toString()), micros, ""),
          Escaped.plain(reply) + " from " + ok.node() + " in " + micros + " us");
    } else {
      fail(id, report, micros, page);
    }
  }

  private static void fail(GrainId id, CallReport report, long micros, Page page) {
    String outcome;
    String detail;
    if (report instanceof AppError error) {
      outcome = "APP_ERROR";
      detail = error.type() + ": " + error.message();
    } else if (report instanceof NotSent not) {
      outcome = "NOT_SENT";
      detail = not.reason() + ": " + not.detail();
    } else if (report instanceof Unknown unknown) {
      outcome = "UNKNOWN";
      detail = unknown.reason() + ": it may or may not have been executed";
    } else {
      throw new AssertionError(report);
    }
    page.object(row(id, outcome, Optional.empty(), Optional.empty(), micros, detail));
    throw new CommandFailedException("call " + id + ": " + outcome + " " + Escaped.plain(detail));
  }

  private static Row row(
      GrainId id,
      String outcome,
      Optional<String> reply,
      Optional<String> node,
      long micros,
      String detail) {
    return Row.EMPTY
        .with("kind", id.kind())
        .with("id", id.key())
        .with("outcome", outcome)
        .with("reply", reply)
        .with("node", node)
        .with("micros", micros)
        .with("detail", detail);
  }

  private void grains(Arguments arguments, Page page) {
    Optional<String> kind = arguments.words().stream().findFirst();
    List<Row> rows = Awaited.of(services.callable().activations(ASKED), ASKED.plus(SLACK)).stream()
        .filter(grain -> kind.map(grain.id().kind()::equals).orElse(true))
        .map(GrainCommands::row)
        .toList();
    page.table(
        rows, "No grains are active" + kind.map(name -> " of kind " + name).orElse("") + ".");
  }

  private static Row row(GrainStatus grain) {
    long idleMillis = TimeUnit.NANOSECONDS.toMillis(grain.idleNanos());
    return Row.EMPTY
        .with("kind", grain.id().kind())
        .with("id", grain.id().key())
        .with("node", grain.node().toString())
        .with("idleMillis", idleMillis, "idle ms", String.valueOf(idleMillis));
  }
}
