package io.thole.testkit;

import io.thole.api.Cluster;
import io.thole.api.ClusterSettings;
import io.thole.api.EventStream;
import io.thole.api.NodeId;
import io.thole.spi.ClusterFactory;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The stream of the real core, on real threads. */
class LocalEventStreamTest extends EventStreamContract {
  private static final Logger EVENT_LOG =
      Logger.getLogger("io.thole.events"); // kept, lest it be forgotten

  private final Cluster cluster =
      ClusterFactory.load().create(ClusterSettings.DEFAULTS.with("startWhen", ""));

  @BeforeEach
  void startTheNode() {
    EVENT_LOG.setLevel(Level.OFF);
    cluster.start().toCompletableFuture().join();
  }

  @AfterEach
  void stopTheNode() {
    cluster.shutdown(false).toCompletableFuture().join();
    EVENT_LOG.setLevel(null);
  }

  @Override
  protected EventStream stream() {
    return cluster.events();
  }

  @Override
  protected NodeId self() {
    return cluster.self();
  }
}
