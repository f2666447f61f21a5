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
   * @param request the request; copied before this returns
   * @param timeout how long to wait
   * @return completes with one outcome, within the timeout and a second; never fails
   */
  CompletionStage<CallReport> call(GrainId id, byte[] request, Duration timeout);

  /**
   * Asks every member that can be reached for its live activations.
   *
   * @param timeout how long to wait; those who did not answer by then are left out
   * @return completes with what was found, sorted by id
   */
  CompletionStage<List<GrainStatus>> activations(Duration timeout);
}
