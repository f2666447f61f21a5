package io.thole.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterTopology;
import io.thole.api.NodeId;
import io.thole.api.StartupMode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
