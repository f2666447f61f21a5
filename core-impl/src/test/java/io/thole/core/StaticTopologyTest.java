package io.thole.core;

import static io.thole.core.ManualNode.SELF;
import static io.thole.core.ManualNode.all;
import static io.thole.core.ManualNode.at;
import static io.thole.core.ManualNode.blocking;
import static io.thole.core.ManualNode.nodes;
import static io.thole.core.ManualNode.self;
import static io.thole.core.ManualNode.update;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thole.api.ClusterEvent.Startup;
import io.thole.api.Member;
import io.thole.api.Metrics;
import io.thole.api.NodeId;
import io.thole.api.StartupMode;
import io.thole.api.grain.GrainKind;
import io.thole.core.ManualNode.ScriptedBlockList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Phase 1: a configured topology, and no transport. */
class StaticTopologyTest {
  private static final NodeId B = NodeId.at(at("b:1"));
  private static final NodeId C = NodeId.at(at("c:1"));
  private static final Startup STARTUP = new Startup(SELF, StartupMode.MEMBER);

  private final ManualNode node = new ManualNode();
  private final ManualNode.Scripted provider = node.provider("static");

  @Test
  void publishesTheConfiguredTopologyWithTheBlockList() { // F1, H1
    ScriptedBlockList service = new ScriptedBlockList();
    service.answer = List.of(ScriptedBlockList.entry(C));
    node.core.add(service);
    provider.onStart = context -> context.topology().view(nodes("b:1", "c:1"));

    node.start();

    assertEquals(List.of(blocking(1, all("b:1"), List.of(), all("c:1"), B), STARTUP), node.told());
  }

  @Test
  void showsEveryOtherMemberAsUnreachable() { // F1
    provider.onStart = context -> context.topology().view(nodes("b:1"));

    node.start();

    assertEquals(
        List.of(
            new Member(self(1), Member.Status.ALIVE, true, List.of(GrainKind.TOPIC), 0),
            new Member(B, Member.Status.UNREACHABLE, false, List.of(), 0)),
        node.shown().members());
  }

  @Test
  void isAloneWhereNothingIsConfigured() { // F3, D8
    node.start();
    node.settle();

    assertEquals(List.of(STARTUP), node.told());
    assertEquals(1, node.shown().metrics().members());
  }

  @Test
  void publishesTheDifferenceOfALiveChange() { // F6
    provider.onStart = context -> context.topology().viewOf(List.of("b:1"));
    node.start();
    node.told();

    provider.context().topology().viewOf(List.of("C:1"));
    node.settle();

    assertEquals(List.of(update(2, all("c:1"), all("b:1"), C)), node.told());
  }

  @Test
  void countsTheMembersOfTheView() { // L2, L3
    node.start();
    List<Integer> counts = new java.util.ArrayList<>();

    counts.add(node.shown().metrics().members());
    provider.tellView("b:1");
    node.settle();
    counts.add(node.shown().metrics().members());
    Metrics metrics = node.shown().metrics();
    provider.tellView();
    node.settle();
    counts.add(node.shown().metrics().members());
    node.shutdown();
    counts.add(node.shown().metrics().members());

    assertEquals(List.of(1, 2, 1, 0), counts);
    assertEquals(new Metrics(2, 0, 1, 0, 1, 2, 0, 0), metrics);
  }

  @Test
  void gathersForAsLongAsItIsToldMeanwhile() { // B6, F6
    node.start();
    node.told();

    node.configure("coalesceMillis", 0);
    provider.tellView("b:1");
    node.loop.advance(0);

    assertEquals(List.of(update(1, all("b:1"), List.of(), B)), node.told());
  }
}
