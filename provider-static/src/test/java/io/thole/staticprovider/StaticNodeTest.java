package io.thole.staticprovider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.thole.api.Authority;
import io.thole.api.BindAddress;
import io.thole.api.Cluster;
import io.thole.api.ClusterEvent;
import io.thole.api.ClusterEvent.Startup;
import io.thole.api.ClusterEvent.StartupFailed;
import io.thole.api.ClusterEvent.TopologyRejected;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterSettings;
import io.thole.api.ConfigurationException;
import io.thole.api.StartupMode;
import io.thole.spi.ClusterFactory;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The provider in a whole node, in plain Java; the node's address names it, and nothing listens. */
class StaticNodeTest {
  private final BlockingQueue<ClusterEvent> events = new LinkedBlockingQueue<>();
  private final StaticClusterProvider provider = new StaticClusterProvider(List.of());
  private Cluster cluster = node(ClusterSettings.DEFAULTS);

  @AfterEach
  void stopTheNode() {
    cluster.shutdown(false).toCompletableFuture().join();
  }

  @Test // F1, F4
  void publishesTheConfiguredTopologyAndCountsItselfOnce() {
    provider.members(List.of("127.0.0.1:26051", "127.0.0.1:26050"));

    cluster.start().toCompletableFuture().join();

    TopologyUpdated event = await(TopologyUpdated.class);
    assertEquals(addresses("127.0.0.1:26051"), event.joined());
    assertEquals(addresses("127.0.0.1:26050", "127.0.0.1:26051"), event.view().authorities());
    assertEquals(2, cluster.metrics().members());
    assertEquals("static", cluster.topology().source());
  }

  @Test // F3
  void publishesNoTopologyWhenNoneIsConfigured() {
    cluster.start().toCompletableFuture().join();
    cluster.shutdown(true).toCompletableFuture().join();

    assertEquals(new Startup(Authority.parse("127.0.0.1:26050"), StartupMode.MEMBER), next());
    assertInstanceOf(ClusterEvent.Shutdown.class, next());
  }

  @Test // F5
  void tellsAClientWhichIsNoMemberItself() {
    cluster = node(ClusterSettings.DEFAULTS.with("mode", "client"));
    provider.members(List.of("127.0.0.1:26050", "127.0.0.1:26051"));

    cluster.start().toCompletableFuture().join();

    assertEquals(
        addresses("127.0.0.1:26051"), await(TopologyUpdated.class).view().authorities());
  }

  @Test // F6
  void publishesTheDifferenceWhenTheListChanges() {
    provider.members(List.of("127.0.0.1:26051", "127.0.0.1:26052"));
    cluster.start().toCompletableFuture().join();
    await(TopologyUpdated.class);

    provider.members(List.of("127.0.0.1:26052", "127.0.0.1:26053"));

    TopologyUpdated event = await(TopologyUpdated.class);
    assertEquals(addresses("127.0.0.1:26053"), event.joined());
    assertEquals(addresses("127.0.0.1:26051"), event.left());
  }

  @Test // A13
  void keepsTheListInForceWhenABadOneFollows() {
    provider.members(List.of("127.0.0.1:26051"));
    cluster.start().toCompletableFuture().join();
    await(TopologyUpdated.class);

    provider.members(List.of("127.0.0.1:26052", "no-port"));

    assertEquals(
        new TopologyRejected(
            "static", "malformed address \"no-port\": it has no port; expected HOST:PORT"),
        await(TopologyRejected.class));
    assertEquals(addresses("127.0.0.1:26050", "127.0.0.1:26051"), cluster.view().authorities());
  }

  @Test // E8
  void failsTheStartOfTheNodeWithKeyValueAndWhatIsAllowed() {
    provider.members(List.of("no-port"));

    CompletionException failure = assertThrows(
        CompletionException.class, () -> cluster.start().toCompletableFuture().join());

    ConfigurationException refusal =
        assertInstanceOf(ConfigurationException.class, failure.getCause());
    assertEquals("no-port", refusal.value());
    assertEquals(
        new StartupFailed(
            BindAddress.parse("127.0.0.1:26050"),
            StartupMode.MEMBER,
            "io.thole.staticprovider: members=no-port is refused; allowed: HOST:PORT"
                + " with a port within 1..65535, each once, at most 10000"),
        await(StartupFailed.class));
  }

  private Cluster node(ClusterSettings settings) {
    Cluster node = ClusterFactory.load().with(provider).create(settings);
    node.events().subscribe(ClusterEvent.class, events::add);
    return node;
  }

  private static List<Authority> addresses(String... addresses) {
    return Stream.of(addresses).map(Authority::parse).toList();
  }

  /** Returns the next event of a type, and passes over those before it. */
  private <E extends ClusterEvent> E await(Class<E> type) {
    ClusterEvent event = next();
    while (!type.isInstance(event)) {
      event = next();
    }
    return type.cast(event);
  }

  private ClusterEvent next() {
    try {
      ClusterEvent event = events.poll(30, TimeUnit.SECONDS);
      if (event == null) {
        throw new AssertionError("no event within 30 s");
      }
      return event;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
