package io.thole.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterTopology;
import io.thole.api.NodeId;
import io.thole.api.StartupMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemberListTest {
  private final MemberList list = new MemberList();

  MemberListTest() {
    list.open(new NodeId(Authority.parse("self:1"), 7), StartupMode.MEMBER, 0);
    list.apply(topology("a:1", "-", "self:1 a:1"), 0);
  }

  @ParameterizedTest // A13, D8
  @CsvSource(
      value = {
        "b:1 b:1, -, self:1 a:1 b:1, b:1 twice in joined",
        "-, a:1 a:1, self:1, a:1 twice in left",
        "-, -, self:1 a:1 a:1, a:1 twice in members",
        "b:1, b:1, self:1 a:1, b:1 both joined and left",
        "a:1, -, self:1 a:1, a:1 joined and is a member already",
        "-, self:1, a:1, 'self:1 left, and is this node'",
        "-, b:1, self:1 a:1, b:1 left and was no member",
        "-, -, self:1 a:1 b:1, b:1 is a member and never joined",
        "-, -, a:1, self:1 is no member any more and never left",
        "b:1, -, self:1 a:1, b:1 is no member any more and never left"
      })
  void namesTheFlawOfATopology(String joined, String left, String members, String flaw) {
    assertEquals(Optional.of(flaw), list.flaw(topology(joined, left, members)));
  }

  @Test // A1
  void findsNoFlawInATopologyThatMakesSense() {
    assertEquals(Optional.empty(), list.flaw(topology("b:2", "a:1", "self:1 b:2")));
  }

  @Test // A13: against the definition, with sets
  void findsAFlawIfAndOnlyIfTheChangeDoesNotLeadToTheMembers() {
    long seed = 42;
    Random random = new Random(seed);
    Set<Authority> known = Set.copyOf(addresses("self:1 a:1"));
    Set<Boolean> seen = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      List<Authority> joined = some(random, 0.15);
      List<Authority> left = some(random, 0.15);
      List<Authority> members = some(random, 0.5);
      List<Authority> blocked = some(random, 0.1);
      TopologyUpdated event = new TopologyUpdated(
          new ClusterTopology(joined, left, 2),
          blocked,
          members.stream().map(NodeId::at).toList());

      Set<Authority> after = new HashSet<>(known);
      after.addAll(joined);
      after.removeAll(left);
      boolean sound = Collections.disjoint(joined, left)
          && Collections.disjoint(joined, known)
          && known.containsAll(left)
          && !left.contains(Authority.parse("self:1"))
          && after.equals(Set.copyOf(members))
          && Collections.disjoint(blocked, members);

      seen.add(sound);
      assertEquals(sound, list.flaw(event).isEmpty(), "seed " + seed + ", " + i + ": " + event);
    }
    assertEquals(Set.of(true, false), seen);
  }

  @Test
  void keepsSinceWhenAMemberIsThereUntilAnotherRunComes() {
    Authority a = Authority.parse("a:1");
    list.apply(event(new NodeId(a, 5)), 10);
    assertEquals(List.of("a:1#5 since 0", "self:1#7 since 0"), since());

    list.apply(event(new NodeId(a, 6)), 20);
    assertEquals(List.of("a:1#6 since 20", "self:1#7 since 0"), since());
  }

  @Test
  void holdsWhomAnEventListsAndNobodyElse() { // A1, A4
    list.apply(event(NodeId.at(Authority.parse("b:1")), NodeId.at(Authority.parse("0a:1"))), 10);
    assertEquals(List.of("0a:1 since 10", "b:1 since 10", "self:1#7 since 0"), since());
    assertEquals(Set.copyOf(list.view().authorities()), list.addresses());

    list.apply(event(), 20);
    assertEquals(List.of("self:1#7 since 0"), since());
    assertEquals(Optional.empty(), list.at(Authority.parse("b:1")));
  }

  private List<String> since() {
    return list.members(List.of(), id -> Optional.empty()).stream()
        .map(member -> member.id() + " since " + member.sinceMillis())
        .toList();
  }

  private static TopologyUpdated event(NodeId... others) {
    List<NodeId> members = new ArrayList<>(List.of(others));
    members.add(NodeId.at(Authority.parse("self:1")));
    return new TopologyUpdated(new ClusterTopology(List.of(), List.of(), 2), List.of(), members);
  }

  private static List<Authority> some(Random random, double share) {
    return addresses("self:1 a:1 b:1 b:2").stream()
        .filter(address -> random.nextDouble() < share)
        .toList();
  }

  private static TopologyUpdated topology(String joined, String left, String members) {
    return new TopologyUpdated(
        new ClusterTopology(addresses(joined), addresses(left), 1),
        List.of(),
        addresses(members).stream().map(NodeId::at).toList());
  }

  private static List<Authority> addresses(String text) {
    return text.equals("-")
        ? List.of()
        : Arrays.stream(text.split(" ")).map(Authority::parse).toList();
  }
}
