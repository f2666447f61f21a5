package io.thole.core.link;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thole.api.Authority;
import io.thole.api.ClusterView;
import io.thole.api.NodeId;
import io.thole.api.StartupMode;
import io.thole.core.link.LinkTable.Step;
import io.thole.core.link.LinkTable.Step.Dial;
import io.thole.core.link.LinkTable.Step.End;
import io.thole.spi.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LinkTableTest {
  private static final long MS = 1_000_000;
  private static final NodeId SELF = id(1, 1);
  private static final NodeId B = id(2, 7);
  private static final Authority AT_B = B.authority();

  private final LinkTable table = new LinkTable();

  @Test
  void dialsMembersAtOnceAndEverLaterWhereThatIsRefused() { // D9
    assertEquals(List.of(new Dial(AT_B)), table.onMembers(view(SELF, NodeId.at(AT_B)), SELF, 0));

    List<Long> dialled = new ArrayList<>();
    long now = 0;
    while (dialled.size() < 7) {
      table.onRefused(AT_B, now);
      long next = table.nextNanos().orElseThrow();
      assertEquals(List.of(), table.onTime(next - 1));
      assertEquals(List.of(new Dial(AT_B)), table.onTime(next));
      dialled.add((next - now) / MS);
      now = next;
    }

    assertEquals(List.of(50L, 100L, 200L, 400L, 800L, 1_000L, 1_000L), dialled);
  }

  @Test
  void dialsAgainAtOnceWhenAConnectionIsLost() { // D3
    member();

    assertEquals(List.of(new Dial(AT_B)), table.onLost(B, 5));
    assertEquals(List.of(), table.onUp(peer(B)));
    assertEquals(List.of(peer(B)), table.linked());
    assertEquals(OptionalLong.empty(), table.nextNanos());
  }

  @Test
  void dialsAgainSoonWhenAConnectionIsLostBeforeThePeerHasDescribedItself() { // L1
    table.onMembers(view(SELF, B), SELF, 0);

    assertEquals(List.of(), table.onLost(B, 5));
    assertEquals(List.of(new Dial(AT_B)), table.onTime(5 + 50 * MS));
    assertEquals(List.of(), table.onLost(B, 60 * MS));
    assertEquals(OptionalLong.of(160 * MS), table.nextNanos());
  }

  @Test
  void dialsAgainLaterWhereNothingIsHeardOfADial() { // the peer goes by another address
    table.onMembers(view(SELF, B), SELF, 0);

    assertEquals(OptionalLong.of(LinkTable.UNHEARD_NANOS), table.nextNanos());
    assertEquals(List.of(), table.onTime(LinkTable.UNHEARD_NANOS - 1));
    assertEquals(List.of(new Dial(AT_B)), table.onTime(LinkTable.UNHEARD_NANOS));
  }

  @Test
  void endsTheLinkOfAMemberThatLeft() { // P7
    member();

    assertEquals(List.of(new End(B, "it left the cluster")), table.onMembers(view(SELF), SELF, 9));
    assertEquals(List.of(), table.onLost(B, 10));
    assertEquals(List.of(), table.linked());
  }

  @Test
  void keepsTheLinkWhenTheIncarnationOfAMemberIsLearned() {
    table.onMembers(view(SELF, NodeId.at(AT_B)), SELF, 0);
    table.onUp(peer(B));

    assertEquals(List.of(), table.onMembers(view(SELF, B), SELF, 1));
    assertEquals(List.of(peer(B)), table.linked());
  }

  @Test
  void leavesTheLinkOfARunThatTheViewDoesNotNameToTheNextRun() { // D10
    table.onMembers(view(SELF, NodeId.at(AT_B)), SELF, 0);
    table.onUp(peer(B));

    assertEquals(List.of(), table.onMembers(view(SELF, id(2, 8)), SELF, 1));
    assertEquals(List.of(peer(B)), table.linked());
  }

  @Test
  void endsTheLinkOfARunThatAnotherFollowsInTheView() { // D10
    member();

    assertEquals(
        List.of(new End(B, "it left the cluster")), table.onMembers(view(SELF, id(2, 8)), SELF, 1));
    assertEquals(List.of(), table.linked());
  }

  @Test
  void keepsAllLinksButThoseOfMembersThatLeft() { // P7, whatever the order of the addresses
    List<NodeId> others =
        IntStream.range(2, 30).mapToObj(port -> id(port, port)).toList();
    NodeId client = id(99, 1);
    table.onMembers(view(others), SELF, 0);
    Stream.concat(others.stream(), Stream.of(client)).forEach(id -> table.onUp(peer(id)));
    List<NodeId> stay = others.stream().filter(id -> id.incarnation() % 3 != 0).toList();

    List<Step> steps = table.onMembers(view(stay), SELF, 1);

    assertEquals(
        Set.copyOf(others.stream().filter(id -> !stay.contains(id)).toList()),
        Set.copyOf(steps.stream().map(step -> ((End) step).peer()).toList()));
    assertEquals(
        Stream.concat(stay.stream(), Stream.of(client)).sorted().toList(),
        table.linked().stream().map(Peer::id).toList());
  }

  @Test
  void endsTheLinkOfARunWhosePlaceIsTaken() { // D10
    member();
    NodeId next = id(2, 8);

    assertEquals(List.of(new End(B, next + " took its place")), table.onUp(peer(next)));
    assertEquals(List.of(peer(next)), table.linked());
  }

  @Test
  void endsALinkWhoseConnectionDoesNotReturn() { // L1, E3
    NodeId client = id(3, 9);
    member();
    table.onUp(new Peer(client, StartupMode.CLIENT, List.of()));
    table.onLost(B, 0);
    table.onLost(client, 0);

    assertEquals(List.of(), ends(table.onTime(5_000 * MS - 1)));
    assertEquals(
        List.of(new End(client, "it could not be reached for 5 s")),
        ends(table.onTime(5_000 * MS)));
    assertEquals(List.of(), ends(table.onTime(30_000 * MS - 1)));
    assertEquals(
        List.of(new End(B, "it could not be reached for 30 s")), ends(table.onTime(30_000 * MS)));
  }

  @Test
  void dialsEveryoneAnewOverANewTransport() { // O5
    table.onMembers(view(SELF, B), SELF, 0);
    table.onRefused(AT_B, 0);

    assertEquals(List.of(new Dial(AT_B)), table.onTransport(1));
  }

  private void member() {
    table.onMembers(view(SELF, B), SELF, 0);
    table.onUp(peer(B));
  }

  private static List<Step> ends(List<Step> steps) {
    return steps.stream().filter(End.class::isInstance).toList();
  }

  private static ClusterView view(NodeId... members) {
    return view(List.of(members));
  }

  private static ClusterView view(List<NodeId> members) {
    return new ClusterView(1, members, List.of());
  }

  private static NodeId id(int port, long incarnation) {
    return new NodeId(new Authority("127.0.0.1", port), incarnation);
  }

  private static Peer peer(NodeId id) {
    return new Peer(id, StartupMode.MEMBER, List.of());
  }
}
