package io.thole.shell;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.thole.api.grain.CallReport;
import io.thole.api.grain.CallReport.AppError;
import io.thole.api.grain.CallReport.NotSent;
import io.thole.api.grain.CallReport.NotSentReason;
import io.thole.api.grain.CallReport.Ok;
import io.thole.api.grain.CallReport.Unknown;
import io.thole.api.grain.CallReport.UnknownReason;
import io.thole.api.grain.GrainId;
import io.thole.api.grain.GrainStatus;
import io.thole.api.grain.Grains;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One kind that echoes; the others fail as they are called. */
final class FixtureGrains implements Grains {
  @Override
  public CompletionStage<CallReport> call(GrainId id, byte[] request, Duration timeout) {
    return CompletableFuture.completedFuture(
        switch (id.kind()) {
          case "echo" ->
            new Ok(("echo:" + new String(request, UTF_8)).getBytes(UTF_8), FixtureCluster.SELF);
          case "broken" -> new AppError("IllegalStateException", "out of \u001b[31morder");
          case "slow" -> new Unknown(UnknownReason.TIMEOUT);
          default -> new NotSent(NotSentReason.UNKNOWN_KIND, "no node has " + id.kind());
        });
  }

  @Override
  public CompletionStage<List<GrainStatus>> activations(Duration timeout) {
    return CompletableFuture.completedFuture(List.of(
        new GrainStatus(new GrainId("counter", "c"), FixtureCluster.SELF, 0),
        new GrainStatus(new GrainId("echo", "e"), FixtureCluster.SELF, 12_400_000)));
  }
}
