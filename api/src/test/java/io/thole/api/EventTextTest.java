package io.thole.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thole.api.ClusterEvent.Isolated;
import io.thole.api.ClusterEvent.MemberFailed;
import io.thole.api.ClusterEvent.MemberRecovered;
import io.thole.api.ClusterEvent.MemberSuspected;
import io.thole.api.ClusterEvent.PartFailed;
import io.thole.api.ClusterEvent.PartitionLost;
import io.thole.api.ClusterEvent.Rejoined;
import io.thole.api.ClusterEvent.ShutdownFailed;
import io.thole.api.ClusterEvent.Startup;
import io.thole.api.ClusterEvent.TopologyUpdated;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventTextTest {
  private static final Authority A = new Authority("a", 1);

  @Test
  void isOneLineWithTheFieldsInOrder() { // A6
    assertEquals(
        "Startup address=a:1 mode=MEMBER", EventText.of(new Startup(A, StartupMode.MEMBER)));
    assertEquals(
        "TopologyUpdated joined=[a:1] left=[] blocked=[] members=1 version=1 hash="
            + new ClusterTopology(List.of(A), List.of(), 1).hashText(),
        EventText.of(new TopologyUpdated(
            new ClusterTopology(List.of(A), List.of(), 1), List.of(), List.of(NodeId.at(A)))));
  }

  @Test
  void saysWhoIsOnWhichSideOfAPartition() { // A6
    assertEquals(
        "PartitionLost reachable=[a:1] unreachable=[b:1,c:1] reason=\"1 of 3\"",
        EventText.of(new PartitionLost(
            List.of(A), List.of(new Authority("c", 1), new Authority("b", 1)), "1 of 3")));
  }

  @Test
  void saysWhoIsSuspectedAndWhy() { // J5
    NodeId a = new NodeId(A, 255);

    assertEquals(
        "MemberSuspected member=a:1#ff evidence=\"by b:2, c:3\"",
        EventText.of(new MemberSuspected(a, "by b:2, c:3")));
    assertEquals(
        "MemberRecovered member=a:1#ff evidence=refuted",
        EventText.of(new MemberRecovered(a, "refuted")));
    assertEquals(
        "MemberFailed member=a:1#ff evidence=silent", EventText.of(new MemberFailed(a, "silent")));
    assertEquals("Isolated evidence=silence", EventText.of(new Isolated("silence")));
    assertEquals("Rejoined evidence=heard", EventText.of(new Rejoined("heard")));
    assertEquals(
        "io/thole/MEMBER_SUSPECTED",
        ClusterEventConstants.topicOf(new MemberSuspected(a, "by b:2")));
  }

  @Test
  void quotesAndEscapesForeignText() { // P2
    assertEquals(
        "PartFailed part=\"provider p\" reason=\"no\\u000a\\u001b[31m file\"",
        EventText.of(new PartFailed("provider p", "no\n\u001b[31m file")));
    assertEquals(
        "ShutdownFailed address=a:1 mode=CLIENT reasons=[no\\u000afile]",
        EventText.of(new ShutdownFailed(A, StartupMode.CLIENT, List.of("no\nfile"))));
  }

  @Test
  void letsNoForeignTextPassForAField() { // P2
    assertEquals(
        "PartFailed part=p reason=\"x\\\" hash=\\\"0\"",
        EventText.of(new PartFailed("p", "x\" hash=\"0")));
  }

  @Test
  void cutsWhatIsLong() { // P2
    assertEquals("a".repeat(256) + "...", Escaped.plain("a".repeat(257)));
    assertEquals("a".repeat(256), Escaped.plain("a".repeat(256)));
    assertEquals("\"caf\\u00e9 \\u202e\"", Escaped.of("caf\u00e9 \u202e"));
  }
}
