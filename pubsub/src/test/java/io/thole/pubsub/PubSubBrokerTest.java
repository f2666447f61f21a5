package io.thole.pubsub;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.thole.api.ClusterException;
import io.thole.api.NotStartedException;
import io.thole.api.pubsub.PublishRefusedException;
import io.thole.api.pubsub.Topic;
import io.thole.spi.PartContext;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class PubSubBrokerTest {
  private final PubSubBroker broker = new PubSubBroker();

  @Test // C2
  void refusesToStartWhereTheTopicKindIsNotRegistered() {
    ClusterException refusal =
        assertThrows(ClusterException.class, () -> broker.start(nodeWithKinds("counter", "echo")));

    assertEquals(
        "the kind topic, which publish/subscribe needs, is not registered; there are [counter, echo]",
        refusal.getMessage());
  }

  @Test // C1
  void startsWhereTheTopicKindIsRegistered() {
    assertDoesNotThrow(() -> broker.start(nodeWithKinds("echo", "topic")));
    assertDoesNotThrow(() -> broker.stop(true));
  }

  @Test // I3
  void refusesToPublishBeforeItsStartAndAfterItsStop() {
    PublishRefusedException before = refusalOf(broker);
    broker.start(nodeWithKinds("topic"));
    broker.stop(true);
    PublishRefusedException after = refusalOf(broker);

    assertEquals(PublishRefusedException.Reason.NOT_JOINED, before.reason());
    assertEquals(PublishRefusedException.Reason.NOT_JOINED, after.reason());
    assertEquals(
        "publish/subscribe is not open: it comes with phase 2; topic news", after.getMessage());
  }

  @Test // I3
  void refusesToSubscribe() {
    NotStartedException refusal = assertThrows(
        NotStartedException.class,
        () -> broker.pubSub("test").subscribe(new Topic("news"), message -> {}));

    assertEquals(
        "publish/subscribe is not open: it comes with phase 2; topic news", refusal.getMessage());
  }

  private static PublishRefusedException refusalOf(PubSubBroker broker) {
    CompletionException failure = assertThrows(
        CompletionException.class,
        () -> broker
            .pubSub("test")
            .publish(new Topic("news"), new byte[] {1})
            .toCompletableFuture()
            .join());
    return assertInstanceOf(PublishRefusedException.class, failure.getCause());
  }

  /** A node that has some kinds and is asked for nothing else. */
  private static PartContext nodeWithKinds(String... kinds) {
    return (PartContext) Proxy.newProxyInstance(
        PartContext.class.getClassLoader(),
        new Class<?>[] {PartContext.class},
        (proxy, method, arguments) -> {
          if (method.getName().equals("kinds")) {
            return List.of(kinds);
          }
          throw new AssertionError("the broker asks for " + method.getName());
        });
  }
}
