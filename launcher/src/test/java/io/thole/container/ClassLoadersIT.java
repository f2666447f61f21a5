package io.thole.container;

import static io.thole.container.NodeFramework.CORE;
import static io.thole.container.NodeFramework.EVENT_ADMIN;
import static io.thole.container.NodeFramework.GOSSIP;
import static io.thole.container.NodeFramework.GRAINS;
import static io.thole.container.NodeFramework.HELLO;
import static io.thole.container.NodeFramework.NETTY;
import static io.thole.container.NodeFramework.PUBSUB;
import static io.thole.container.NodeFramework.STATIC;
import static io.thole.container.NodeFramework.TCP;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thole.api.grain.CallReport;
import io.thole.api.grain.GrainId;
import io.thole.api.grain.Grains;
import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.PubSub;
import io.thole.api.pubsub.Topic;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.wiring.BundleWiring;

/** Whether anything holds on to the classes of a bundle that is gone. */
class ClassLoadersIT {
  private static final int UPDATES = 50;

  @Test // M3
  void noneIsLeftAfterFiftyUpdatesOfTheProviderAndOfAnApplication(@TempDir Path home)
      throws Exception {
    try (NodeFramework node = new NodeFramework(home)) {
      node.configureMembers("127.0.0.1:26051");
      node.start(EVENT_ADMIN, CORE, STATIC, HELLO);
      node.start(FixtureBundle.watcher("watcher"));
      List<WeakReference<ClassLoader>> former = new ArrayList<>();

      for (int update = 0; update < UPDATES; update++) {
        for (String bundle : List.of(STATIC, HELLO, "watcher")) {
          node.awaitActive("static");
          former.add(loader(node, bundle));
          node.bundle(bundle).update();
        }
      }
      node.awaitActive("static");

      Eventually.equal(0L, () -> {
        System.gc();
        return former.stream().filter(loader -> loader.get() != null).count();
      });
    }
  }

  @Test // M3, O5
  void noneIsLeftAfterFiftyUpdatesOfTransportAndPubSubUnderTraffic(@TempDir Path homes)
      throws Exception {
    try (NodeFramework seed = network(homes.resolve("seed"), "");
        NodeFramework node =
            network(homes.resolve("node"), seed.cluster().self().authority().toString())) {
      awaitTraffic(node);
      List<WeakReference<ClassLoader>> former = new ArrayList<>();

      for (int update = 0; update < UPDATES; update++) {
        for (String bundle : List.of(TCP, GOSSIP, GRAINS, PUBSUB, HELLO)) {
          former.add(loader(node, bundle));
          node.bundle(bundle).update();
          awaitTraffic(node);
        }
      }

      Eventually.equal(0L, () -> {
        System.gc();
        return former.stream().filter(loader -> loader.get() != null).count();
      });
      assertEquals(1, seed.events().lines("TopologyUpdated").size());
    }
  }

  /** Starts a node at any free port, with the example bundle. */
  private static NodeFramework network(Path home, String seeds) throws Exception {
    NodeFramework node = new NodeFramework(Files.createDirectories(home));
    node.configure(
        CORE,
        Map.of("bind", "127.0.0.1:0", "seeds", seeds, "startWhen", "transport,pubsub,provider"));
    node.start(NETTY);
    node.start(TCP, GOSSIP, GRAINS, PUBSUB, HELLO, CORE);
    node.awaitActive("tcp");
    return node;
  }

  /** Waits until both nodes' subscribers are told what this one publishes, and a grain answers it. */
  private static void awaitTraffic(NodeFramework node) {
    Eventually.is("delivered to both", () -> publish(node).equals(Map.of(Outcome.DELIVERED, 2)));
    Eventually.is("answered", () -> call(node) instanceof CallReport.Ok);
  }

  private static Map<Outcome, Integer> publish(NodeFramework node) {
    try {
      return node.service(PubSub.class)
          .publish(new Topic("hello"), new byte[1])
          .toCompletableFuture()
          .join()
          .outcomes();
    } catch (RuntimeException e) { // it was just replaced
      return Map.of();
    }
  }

  private static CallReport call(NodeFramework node) {
    return node.service(Grains.class)
        .call(new GrainId("echo", "x"), new byte[1], Duration.ofSeconds(5))
        .toCompletableFuture()
        .join();
  }

  private static WeakReference<ClassLoader> loader(NodeFramework node, String bundle) {
    return new WeakReference<>(node.bundle(bundle).adapt(BundleWiring.class).getClassLoader());
  }
}
