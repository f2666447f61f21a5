package io.thole.container;

import static io.thole.container.NodeFramework.CORE;
import static io.thole.container.NodeFramework.EVENT_ADMIN;
import static io.thole.container.NodeFramework.HELLO;
import static io.thole.container.NodeFramework.ROSTER;
import static io.thole.container.NodeFramework.SHELL;
import static io.thole.container.NodeFramework.STATIC;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thole.api.Authority;
import io.thole.api.Cluster;
import io.thole.api.EventStream;
import io.thole.api.ProviderStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.service.condition.Condition;

/** Bundles that come, go, stop and return in any order: what is there in the end decides, and not how it came about. */
class OrdersIT {
  private static final int ORDERS = 200;
  private static final int STEPS = 8;
  private static final String STRANGER = "stranger";
  private static final String CONFIG_ADMIN = "org.apache.felix.configadmin";
  private static final String SCR = "org.apache.felix.scr";
  private static final List<String> PARTS =
      List.of(CORE, STATIC, ROSTER, STRANGER, HELLO, SHELL, EVENT_ADMIN);

  /** Events that no order may bring about ... */
  private static final List<String> TROUBLE = List.of(
      "ObserverFailed",
      "PartFailed",
      "StartupFailed",
      "ShutdownFailed",
      "EventsDropped",
      "ProviderSwapFailed",
      "TopologyRejected");

  /** ... unless they say that something was taken out at that very moment. */
  private static final List<String> TAKEN_OUT =
      List.of("the node was stopped during its start", "it was taken out meanwhile");

  /** What every order ends in: the roster has the highest ranking, and everything is there once. */
  private static final State END = new State(
      "RUNNING",
      List.of("127.0.0.1:26050", "127.0.0.1:26071", "127.0.0.1:26072"),
      List.of("roster", "stranger", "static"),
      "roster",
      false,
      List.of("counter", "echo", "topic"),
      1,
      1,
      "127.0.0.1:26050 MEMBER 3",
      0);

  /** Everything that an application or an operator can see of a node. */
  private record State(
      String state,
      List<String> members,
      List<String> providers,
      String source,
      boolean stale,
      List<String> kinds,
      int clusters,
      int streams,
      String ready,
      int failed) {}

  @Test // M2
  void twoHundredOrdersEndInOneState(@TempDir Path home) throws Exception {
    try (NodeFramework node = new NodeFramework(home)) {
      node.writeRoster("127.0.0.1:26071", "127.0.0.1:26072");
      node.configureMembers("127.0.0.1:26051");
      node.start("org.apache.felix.gogo.runtime");
      Path stranger = FixtureBundle.provider(STRANGER, 5, "127.0.0.1:26061").in(home);

      for (long seed = 1; seed <= ORDERS; seed++) {
        Order order = new Order(node, stranger, new Random(seed));
        order.disturb();
        order.complete();

        awaitEnd(node, "seed " + seed + ": " + order.steps);
      }
    }
    // E6: each core that was stopped on the way had threads.
    Eventually.equal(List.of(), NodeFramework::threads);
  }

  private static void awaitEnd(NodeFramework node, String order) {
    try {
      Eventually.equal(Optional.of(END), () -> state(node));
      assertEquals(
          List.of(), node.events().lines().stream().filter(OrdersIT::isTrouble).toList());
      assertEquals(List.of(), node.complaints().lines());
    } catch (AssertionError e) {
      throw new AssertionError(
          order + "\n" + e.getMessage() + "\n" + node.events().lines(), e);
    }
    node.events().clear();
  }

  private static boolean isTrouble(String event) {
    return TROUBLE.stream().anyMatch(event::startsWith)
        && TAKEN_OUT.stream().noneMatch(event::contains);
  }

  private static Optional<State> state(NodeFramework node) {
    ServiceReference<Cluster> reference = node.context().getServiceReference(Cluster.class);
    Cluster cluster = reference == null ? null : node.context().getService(reference);
    return cluster == null
        ? Optional.empty()
        : Optional.of(new State(
            cluster.state().name(),
            cluster.view().authorities().stream().map(Authority::toString).toList(),
            cluster.providers().stream().map(ProviderStatus::name).toList(),
            cluster.topology().source(),
            cluster.topology().stale(),
            cluster.kinds(),
            node.services(Cluster.class).size(),
            node.services(EventStream.class).size(),
            node.condition("io.thole.ready").map(OrdersIT::text).orElse("none"),
            node.condition("io.thole.failed").isPresent() ? 1 : 0));
  }

  private static String text(ServiceReference<Condition> ready) {
    return ready.getProperty("address") + " " + ready.getProperty("mode") + " "
        + ready.getProperty("members");
  }

  /** One order: a random part of the bundles is there, more or less is done to them, and then all are started. */
  private static final class Order {
    private final NodeFramework node;
    private final Path stranger;
    private final Random random;
    private final List<String> steps = new ArrayList<>();

    Order(NodeFramework node, Path stranger, Random random) {
      this.node = node;
      this.stranger = stranger;
      this.random = random;
    }

    void disturb() throws Exception {
      if (random.nextInt(4) == 0) {
        for (String part : shuffled(PARTS)) {
          uninstall(part);
        }
      }
      for (int step = 0; step < STEPS; step++) {
        disturb(PARTS.get(random.nextInt(PARTS.size())));
      }
    }

    private void disturb(String part) throws Exception {
      switch (random.nextInt(7)) {
        case 0 -> uninstall(part);
        case 1 -> install(part);
        case 2 -> {
          install(part);
          act("update", part).update();
        }
        case 3, 4 -> {
          install(part);
          act("start", part).start();
        }
        case 5 -> {
          if (node.find(part).isPresent()) {
            act("stop", part).stop();
          }
        }
        default -> {
          String service = random.nextBoolean() ? SCR : CONFIG_ADMIN;
          act("stop", service).stop();
          if (random.nextBoolean()) {
            disturb(part);
          }
          act("start", service).start();
        }
      }
    }

    void complete() throws Exception {
      for (String part : shuffled(PARTS)) {
        install(part);
      }
      for (String part : shuffled(PARTS)) {
        act("start", part).start();
      }
    }

    private void install(String part) throws Exception {
      if (node.find(part).isEmpty()) {
        steps.add("install " + part);
        if (part.equals(STRANGER)) {
          node.install(stranger);
        } else {
          node.install(part);
        }
      }
    }

    private void uninstall(String part) throws Exception {
      if (node.find(part).isPresent()) {
        act("uninstall", part).uninstall();
      }
    }

    private Bundle act(String what, String part) {
      steps.add(what + " " + part);
      return node.bundle(part);
    }

    private List<String> shuffled(List<String> parts) {
      List<String> order = new ArrayList<>(parts);
      Collections.shuffle(order, random);
      return order;
    }
  }
}
