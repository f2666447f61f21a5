package io.thole.testkit;

import io.thole.api.ClusterSettings;
import io.thole.api.EventStream;
import io.thole.api.NodeId;
import org.junit.jupiter.api.BeforeEach;

/** The stream of the real core, in virtual time. */
class ManualEventStreamTest extends EventStreamContract {
  private final ManualNode node = ManualNode.create(ClusterSettings.DEFAULTS.with("startWhen", ""));

  @BeforeEach
  void startTheNode() {
    node.start();
  }

  @Override
  protected EventStream stream() {
    return node.stream();
  }

  @Override
  protected NodeId self() {
    return node.self();
  }

  @Override
  protected void passTime() {
    node.run();
  }
}
