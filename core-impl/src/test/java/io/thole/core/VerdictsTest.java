package io.thole.core;

import static io.thole.core.ManualNode.at;
import static io.thole.core.ManualNode.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.ClusterEvent.Isolated;
import io.thole.api.ClusterEvent.MemberFailed;
import io.thole.api.ClusterEvent.MemberRecovered;
import io.thole.api.ClusterEvent.MemberSuspected;
import io.thole.api.ClusterEvent.PartEvent;
import io.thole.api.Evidence;
import io.thole.api.Member;
import io.thole.api.NodeId;
import io.thole.api.PartKind;
import io.thole.spi.Gossiper;
import io.thole.spi.PartContext;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a gossiper says of members, and what a node makes of it. */
class VerdictsTest {
  private static final NodeId B = id("b:1", 7);

  private final ManualNode node = new ManualNode();
  private final Judge judge = new Judge(true);
  private final Part gossip = Part.of(judge, new Part.Origin("a test", 0, 0));
  private final ManualNode.Scripted provider = node.provider("p");

  @Test // J5
  void showsWhoIsSuspectedUntilItRecovers() {
    start();
    node.told();

    judge.tell(new MemberSuspected(B, "by c:1"));
    assertEquals(Member.Status.SUSPECT, statusOfB());
    judge.tell(new MemberRecovered(B, "it has refuted"));

    assertEquals(Member.Status.UNREACHABLE, statusOfB());
    assertEquals(
        List.of(new MemberSuspected(B, "by c:1"), new MemberRecovered(B, "it has refuted")),
        node.told());
  }

  @Test // J5
  void keepsTheEvidenceOfAVerdict() {
    start();

    judge.tell(new MemberSuspected(B, "by c:1"));
    judge.tell(new MemberFailed(B, "accused by c:1, d:1"));
    judge.tell(new Isolated("nobody was heard for 10 s"));

    assertEquals(
        List.of(
            "gossip judge: suspected by c:1 -> it may refute",
            "gossip judge: found dead, accused by c:1, d:1"
                + " -> it leaves; back once it refutes, or as a new start"),
        why("b:1"));
    assertEquals(
        List.of("gossip judge: nobody was heard for 10 s -> accuses nobody"),
        why(ManualNode.SELF.toString()));
  }

  @Test
  void suspectsNobodyOnceTheMemberOrTheGossiperIsGone() {
    start();
    judge.tell(new MemberSuspected(B, "by c:1"));
    provider.tellLeft("b:1", 7);
    node.settle();
    provider.tellJoined("b:1", 7);
    node.settle();
    assertEquals(Member.Status.UNREACHABLE, statusOfB());

    judge.tell(new MemberSuspected(B, "by c:1"));
    node.core.remove(gossip, () -> {});
    node.loop.run();

    assertEquals(Member.Status.UNREACHABLE, statusOfB());
  }

  @Test
  void suspectsNoStranger() {
    start();

    judge.tell(new MemberSuspected(id("b:1", 6), "by c:1"));
    judge.tell(new MemberSuspected(id("x:1", 6), "by c:1"));

    assertEquals(Member.Status.UNREACHABLE, statusOfB());
  }

  @Test // D3
  void tellsPartsWhetherAGossiperGivesVerdictsAtTheMoment() {
    start();
    PartContext context = provider.context();
    assertTrue(context.verdicts());

    node.core.remove(gossip, () -> {});
    node.loop.run();
    assertFalse(context.verdicts());

    node.core.add(Part.of(new Judge(false), new Part.Origin("a test", 0, 1)));
    node.loop.run();
    assertFalse(context.verdicts());
    node.core.add(Part.of(new Judge(true), new Part.Origin("a test", 1, 2)));
    node.loop.run();
    assertTrue(context.verdicts());
  }

  private void start() {
    node.core.add(gossip);
    node.start();
    provider.tellJoined("b:1", 7);
    node.settle();
  }

  private Member.Status statusOfB() {
    return node.shown().members().stream()
        .filter(member -> member.id().authority().equals(at("b:1")))
        .findFirst()
        .orElseThrow()
        .status();
  }

  private List<String> why(String address) {
    return node.shown().evidence().getOrDefault(at(address), List.of()).stream()
        .filter(evidence -> evidence.by().equals("judge"))
        .map(VerdictsTest::line)
        .toList();
  }

  private static String line(Evidence evidence) {
    return PartKind.GOSSIP.label() + " " + evidence.by() + ": " + evidence.evidence() + " -> "
        + evidence.rule();
  }

  /** A gossiper that says what a test says. */
  private final class Judge implements Gossiper {
    private final boolean verdicts;
    private @Nullable PartContext given;

    Judge(boolean verdicts) {
      this.verdicts = verdicts;
    }

    void tell(PartEvent event) {
      if (given == null) {
        throw new AssertionError("it was never started");
      }
      given.tell(event);
      node.loop.run();
    }

    @Override
    public String name() {
      return "judge";
    }

    @Override
    public boolean givesVerdicts() {
      return verdicts;
    }

    @Override
    public void start(PartContext context) {
      given = context;
    }

    @Override
    public void stop() {}
  }
}
