package io.thole.grains;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.api.grain.GrainId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RendezvousTest {
  private static final int KEYS = 20_000;

  @Test
  void choosesTheSameHostWhateverTheOrderOfCandidates() { // K2
    List<NodeId> hosts = hosts(10);
    List<NodeId> shuffled = new ArrayList<>(hosts);
    Collections.shuffle(shuffled, new Random(1));

    for (GrainId id : keys()) {
      assertEquals(Rendezvous.choose(id, hosts), Rendezvous.choose(id, shuffled));
    }
  }

  @Test
  void choosesTheSameHostWhereItsIncarnationIsNotKnown() { // K2
    NodeId met = new NodeId(address(3), 77);
    List<NodeId> hosts = new ArrayList<>(hosts(5));
    hosts.set(3, met);

    for (GrainId id : keys()) {
      assertEquals(
          Rendezvous.choose(id, hosts(5)).authority(),
          Rendezvous.choose(id, hosts).authority());
    }
  }

  @Test
  void spreadsGrainsEvenly() {
    Map<NodeId, Integer> shares = new HashMap<>();

    keys().forEach(id -> shares.merge(Rendezvous.choose(id, hosts(10)), 1, Integer::sum));

    int most = Collections.max(shares.values());
    assertTrue(most <= KEYS / 10 * 1.06, "the fullest of 10 hosts has " + most + " of " + KEYS);
  }

  @Test
  void movesOnlyWhatTheHostHadThatLeft() {
    NodeId left = hosts(10).get(4);
    List<NodeId> rest = hosts(10).stream().filter(host -> !host.equals(left)).toList();

    for (GrainId id : keys()) {
      NodeId before = Rendezvous.choose(id, hosts(10));
      assertTrue(before.equals(left) || before.equals(Rendezvous.choose(id, rest)), id::toString);
    }
  }

  @Test
  void movesOnlyToTheHostThatCame() {
    NodeId came = hosts(11).get(10);
    int moved = 0;

    for (GrainId id : keys()) {
      NodeId after = Rendezvous.choose(id, hosts(11));
      assertTrue(
          after.equals(came) || after.equals(Rendezvous.choose(id, hosts(10))), id::toString);
      moved += after.equals(came) ? 1 : 0;
    }

    assertEquals(KEYS / 11.0, moved, KEYS / 100.0);
  }

  private static List<GrainId> keys() {
    return IntStream.range(0, KEYS)
        .mapToObj(i -> new GrainId("counter", "key-" + i))
        .toList();
  }

  private static List<NodeId> hosts(int count) {
    return IntStream.range(0, count).mapToObj(i -> NodeId.at(address(i))).toList();
  }

  private static Authority address(int number) {
    return new Authority("10.0.0." + number, 26_050);
  }
}
