package io.thole.container;

import static io.thole.container.NodeFramework.CORE;
import static io.thole.container.NodeFramework.PUBSUB;
import static io.thole.container.NodeFramework.STATIC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.PubSub;
import io.thole.api.pubsub.PublishReport;
import io.thole.api.pubsub.Topic;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Subscribers of bundles that misbehave, or go in the middle of a message. */
class PubSubIT {
  private static final String HANG = "io.thole.container.hang";
  private static final Topic NEWS = new Topic("news");

  @TempDir
  private Path home;

  private NodeFramework node;

  @BeforeEach
  void startANode() throws Exception {
    System.setProperty(HANG, "true");
    node = new NodeFramework(home);
    node.configure(PUBSUB, Map.of("deliveryTimeoutMillis", 1_000));
    node.start(CORE, STATIC, PUBSUB);
    node.awaitActive("static");
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
    System.clearProperty(HANG); // the thread of a handler that hangs is nobody's to end
    Eventually.equal(List.of(), NodeFramework::threads);
  }

  @Test // I9, I12
  void oneThatThrowsOrHangsHarmsNoOther() throws Exception {
    for (String does : new String[] {"throw", "hang", "return"}) {
      node.start(FixtureBundle.listener(does));
    }

    assertEquals(
        Map.of(Outcome.DELIVERED, 1, Outcome.REJECTED, 1, Outcome.TIMEOUT, 1),
        publish().get(30, TimeUnit.SECONDS).outcomes());
    assertEquals(
        Map.of(Outcome.DELIVERED, 1, Outcome.REJECTED, 1, Outcome.TIMEOUT, 1),
        publish().get(30, TimeUnit.SECONDS).outcomes());

    assertEquals(2, node.events().lines("return ends").size());
    assertTrue(node.cluster().accounts().stream().allMatch(account -> account.balanced()));
  }

  @Test // P6, I5
  void theBundleOfAHandlerThatRunsIsStoppedWithinItsTwoSeconds() throws Exception {
    node.start(FixtureBundle.listener("hang"));
    node.start(FixtureBundle.listener("return"));
    CompletableFuture<PublishReport> report = publish();
    node.events().await("hang begins");

    long beganNanos = System.nanoTime();
    node.bundle("hang").uninstall();

    assertTrue(System.nanoTime() - beganNanos < TimeUnit.SECONDS.toNanos(10));
    assertEquals(
        Map.of(Outcome.DELIVERED, 1, Outcome.TIMEOUT, 1),
        report.get(30, TimeUnit.SECONDS).outcomes());
    assertEquals(
        Map.of(Outcome.DELIVERED, 1), publish().get(30, TimeUnit.SECONDS).outcomes());
    assertEquals(1, node.events().lines("hang begins").size());
  }

  private CompletableFuture<PublishReport> publish() {
    return node.service(PubSub.class).publish(NEWS, new byte[1]).toCompletableFuture();
  }
}
