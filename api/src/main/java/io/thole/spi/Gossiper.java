package io.thole.spi;

import io.thole.api.Agreement;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Decides who is present. It starts before the provider, whose seeds reach it before its first round.
 *
 * <ol>
 *   <li>Facts go to {@link PartContext#topology()}. There is no topology callback.
 *   <li>A start that fails throws and leaves nothing behind; start and stop may block for at most 5 s.
 *   <li>Where {@link #givesVerdicts()} is true, the provider leaves it to the gossiper to say who left: it asks {@link
 *       PartContext#verdicts()}.
 * </ol>
 */
@ConsumerType
public interface Gossiper {
  /** Returns the name by which people know it. */
  String name();

  /** Tells whether it says of its own who left; false for one that only spreads what it is told. */
  boolean givesVerdicts();

  /**
   * Starts.
   *
   * @param context what it is given; valid until {@link #stop} returns
   */
  void start(PartContext context);

  /** Returns how many of the members are known to have the same view as this node, while it runs. Any thread; cheap. */
  default Agreement agreement() {
    return Agreement.LOCAL;
  }

  /**
   * Is told that this node leaves the cluster by its own will and has said so to every peer; {@link #stop} follows. What others
   * say of it from now on is true, so nothing is to be said that would bring it back. Not called where the gossiper alone stops.
   */
  default void leave() {}

  /** Ends everything that the start began. */
  void stop();
}
