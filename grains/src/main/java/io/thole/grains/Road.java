package io.thole.grains;

import io.thole.api.grain.GrainId;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * The requests for one grain whose host is being found, in the order of their arrival. Who comes while the first are under
 * way goes behind them, so nobody is overtaken by the next call of the same caller.
 */
public final class Road {
  final GrainId id;
  final PriorityQueue<GrainRequest> requests =
      new PriorityQueue<>(Comparator.comparingLong(GrainRequest::arrival));

  /** Whether nobody walks it at the moment. */
  boolean resting;

  Road(GrainId id) {
    this.id = id;
  }

  /** Returns the grain. */
  public GrainId id() {
    return id;
  }
}
