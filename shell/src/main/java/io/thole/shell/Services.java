package io.thole.shell;

import io.thole.api.Cluster;
import io.thole.api.grain.Grains;
import io.thole.api.pubsub.PubSub;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the commands ask: services that come and go, looked for anew each time.
 *
 * @param cluster the node
 * @param pubSub topics
 * @param grains grains
 * @param checks what others add to {@code doctor}: each supplies rows of check, ok, detail and remedy
 */
record Services(
    Supplier<Optional<Cluster>> cluster,
    Supplier<Optional<PubSub>> pubSub,
    Supplier<Optional<Grains>> grains,
    Supplier<List<Supplier<List<Map<String, String>>>>> checks) {
  /** None of them is there. */
  static final Services NONE =
      new Services(Optional::empty, Optional::empty, Optional::empty, List::of);

  /**
   * Returns the node.
   *
   * @throws CommandFailedException if there is none
   */
  Cluster node() {
    return cluster
        .get()
        .orElseThrow(() -> new CommandFailedException(
            "there is no node: no Cluster service of the bundle io.thole.core; run: doctor"));
  }

  /**
   * Returns the topics.
   *
   * @throws CommandFailedException if there are none
   */
  PubSub topics() {
    return pubSub
        .get()
        .orElseThrow(
            () -> new CommandFailedException(
                "there is no publish/subscribe: no PubSub service of the bundle io.thole.pubsub; run: doctor"));
  }

  /**
   * Returns the grains.
   *
   * @throws CommandFailedException if there are none
   */
  Grains callable() {
    return grains
        .get()
        .orElseThrow(() -> new CommandFailedException(
            "there are no grains: no Grains service of the bundle io.thole.core; run: doctor"));
  }
}
