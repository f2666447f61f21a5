package io.thole.pubsub;

import io.thole.api.pubsub.Outcome;

/** Who is told what became of a message: the node that published it. Any thread. */
@FunctionalInterface
interface Origin {
  /**
   * A target has an outcome; the first one counts.
   *
   * @param publication the number of the publication
   * @param place the target's place in its report
   * @param outcome what became of it
   * @param reason why its payload could not be read, if so; else empty
   */
  void ended(long publication, int place, Outcome outcome, String reason);
}
