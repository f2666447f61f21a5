package io.thole.api.grain;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** Calls grains, wherever they live. Any thread. */
@ProviderType
public interface Grains {
  /**
   * Calls a grain; it is activated if it is not.
   *
   * @param id which grain
   * @param request the request, at most 1 MiB; copied before this returns
   * @param timeout how long to wait: longer than nothing, and at most an hour
   * @return completes with one outcome, within the timeout and a second; never fails
   * @throws IllegalArgumentException if the request is longer or the timeout is not within its limits
   */
  CompletionStage<CallReport> call(GrainId id, byte[] request, Duration timeout);

  /**
   * Asks every member that can be reached for its live activations.
   *
   * @param timeout how long to wait, at most an hour; those who did not answer by then are left out
   * @return completes with what was found, sorted by id: at most 10,000 of each node
   * @throws IllegalArgumentException if the timeout is not within its limits
   */
  CompletionStage<List<GrainStatus>> activations(Duration timeout);
}
