package io.thole.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterSettings;
import io.thole.spi.ClusterProvider;
import io.thole.spi.PartContext;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whole nodes in virtual time, on a network in memory. */
class LinkedNodesTest {
  private final MemoryNetwork network = new MemoryNetwork();
  private final Listing listA = new Listing();
  private final Listing listB = new Listing();
  private final ManualNode a = node("a:1", listA);
  private final ManualNode b = node("b:1", listB);

  @Test
  void learnsWhichRunAMemberIsWhicheverComesFirst() { // D10, B7
    a.start();
    b.start();
    listB.view("a:1"); // so b dials a, in whose view it is not yet
    pass();
    assertEquals(List.of(a.self()), a.view().members());

    listA.view("b:1");
    pass();

    assertEquals(List.of(a.self(), b.self()), a.view().members());
    assertEquals(List.of(a.self(), b.self()), b.view().members());
    assertEquals(a.view().membersHash(), b.view().membersHash());
    assertEquals(1, a.events(TopologyUpdated.class).size(), "learning it is no event");
  }

  private void pass() {
    for (int i = 0; i < 20; i++) {
      network.run();
      a.advance(Duration.ofMillis(20));
      b.advance(Duration.ofMillis(20));
    }
  }

  private ManualNode node(String address, ClusterProvider provider) {
    return ManualNode.create(ClusterSettings.DEFAULTS.with("bind", address))
        .add(network.transport())
        .add(provider);
  }

  /** Lists whom it is told to. */
  private static final class Listing implements ClusterProvider {
    private @Nullable PartContext context;

    void view(String address) {
      Objects.requireNonNull(context).topology().viewOf(List.of(address));
    }

    @Override
    public String name() {
      return "listing";
    }

    @Override
    public void startMember(PartContext given) {
      context = given;
    }

    @Override
    public void startClient(PartContext given) {
      context = given;
    }

    @Override
    public void shutdown(boolean graceful) {}
  }
}
