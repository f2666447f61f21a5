package io.thole.grains;

import io.thole.api.NodeId;
import io.thole.api.grain.GrainId;
import java.time.Duration;
import java.util.List;

/**
 * A call on its way to its grain, on the caller's node or on the grain's.
 *
 * @param caller the node on which the call was made
 * @param call the caller's number of it, never used again in the caller's run
 * @param view the hash of the view by which the caller chose this node; not used where it is this node's own call
 * @param arrival this node's number of it: requests for one grain keep this order wherever they wait together
 * @param id the grain
 * @param chain the grains whose turns wait for this call, the first caller first
 * @param deadlineNanos when nobody waits any more, by this node's clock
 * @param payload what the grain is given
 */
@SuppressWarnings(
    "ArrayRecordComponent") // requests are never compared, and the payload is copied at the door
public record GrainRequest(
    NodeId caller,
    long call,
    long view,
    long arrival,
    GrainId id,
    List<GrainId> chain,
    long deadlineNanos,
    byte[] payload) {

  /** The most bytes of a request or a reply. */
  public static final int PAYLOAD_LIMIT = 1 << 20;

  /** How many grains may wait for each other: a chain this long is a mistake that has not met itself yet. */
  public static final int CHAIN_LIMIT = 32;

  /** How long a caller may wait: what takes longer is a job, and not a call. */
  public static final Duration TIMEOUT_LIMIT = Duration.ofHours(1);

  /** What a request costs beside its payload, and each grain of its chain: roughly the objects and names, for the limits. */
  private static final int OVERHEAD = 512;

  /** Returns what it counts for where the bytes that wait are limited: also many empty requests are much. */
  public long weight() {
    return payload.length + (1L + chain.size()) * OVERHEAD;
  }

  /** Tells whether nobody waits for it any more. */
  public boolean expired(long nowNanos) {
    return nowNanos - deadlineNanos >= 0;
  }
}
