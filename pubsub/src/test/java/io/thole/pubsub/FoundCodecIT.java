package io.thole.pubsub;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.PubSub;
import io.thole.api.pubsub.PublishReport;
import io.thole.api.pubsub.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** In plain Java, on the class path. */
class FoundCodecIT {
  private final TestNetwork network = new TestNetwork(1);

  @Test
  void aCodecOnTheClassPathIsFoundByTheServiceLoader() {
    TestNode node = network.cluster(1).get(0);
    PubSub pubSub = node.broker.pubSub("test");
    List<UUID> told = new ArrayList<>();
    UUID value = new UUID(1, 2);
    pubSub.typed(UUID.class).subscribe(new Topic("news"), (uuid, message) -> told.add(uuid));

    CompletableFuture<PublishReport> report =
        pubSub.typed(UUID.class).publish(new Topic("news"), value).toCompletableFuture();
    network.settle();

    assertEquals(new PublishReport(Map.of(Outcome.DELIVERED, 1)), report.join());
    assertEquals(List.of(value), told);
  }
}
