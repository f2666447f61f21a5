package io.thole.bench;

import io.thole.api.Cluster;
import io.thole.api.pubsub.PubSub;
import java.io.IOException;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A process with a node that is attacked; it passes on what it is told on one topic to another. */
public final class AttackSide {
  /** What is said once the node runs; its address follows. */
  static final String READY = "ready ";

  private AttackSide() {}

  /**
   * Serves until the standard input ends.
   *
   * @param arguments none
   * @throws IOException if it cannot be read
   */
  public static void main(String[] arguments) throws IOException {
    Logger.getLogger("").setLevel(Level.WARNING);
    Cluster cluster = TholeLane.factory().create(AttackBench.settings(List.of()));
    cluster.start().toCompletableFuture().join();
    PubSub pubSub = cluster.service(PubSub.class);
    pubSub.subscribe(
        AttackBench.THERE, message -> pubSub.publish(AttackBench.BACK, message.toBytes()));
    System.out.println(READY + cluster.self().authority());
    while (System.in.read() >= 0) {
      // what is said does not matter, but that it has ended
    }
    System.exit(0);
  }
}
