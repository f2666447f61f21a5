package io.thole.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Who is refused by this node: what its operator said, and what every block list service says. Any thread.
 *
 * <p>A blocked node is no member. What its operator says holds until it is unblocked, expires, or the node stops.
 */
@ProviderType
public interface BlockList {
  /** The most entries that an operator's list, and that of each service, may have. */
  int LIMIT = 10_000;

  /** Returns every entry in force, sorted by subject. */
  List<BlockEntry> entries();

  /**
   * Refuses an address from now on. Blocking it again replaces reason and expiry.
   *
   * @param address who is refused; this node's own address cannot be
   * @param reason why, for people
   * @param duration for how long, at most 36,500 days; empty for until it is unblocked
   * @return completes when the change is applied and published; fails with {@link ClusterException} if it is refused, with
   *     {@link NotStartedException} while the node is not running
   */
  CompletionStage<Void> block(Authority address, String reason, Optional<Duration> duration);

  /**
   * Takes back what {@link #block} said.
   *
   * @param address who may come again
   * @return completes with true when the change is applied and published, with false if there was no such entry; fails
   *     with {@link ClusterException} if a service blocks the address, which only that service can undo
   */
  CompletionStage<Boolean> unblock(Authority address);
}
