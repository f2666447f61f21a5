package io.thole.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterTopologyTest {
  private static List<Authority> all(String... addresses) {
    return Arrays.stream(addresses).map(Authority::parse).toList();
  }

  @ParameterizedTest
  @CsvSource({"'', cbf29ce484222325", "a, af63dc4c8601ec8c", "foobar, 85944171f73967e8"})
  void hashesAsFnv1aDoes(String text, String hash) { // B1
    assertEquals(hash, Long.toHexString(Fnv1a.hash(text)));
  }

  @Test
  void hasTheHashOfTheFormula() { // B1
    List<String> hashes = List.of(
        new ClusterTopology(List.of(), List.of(), 0).hashText(),
        new ClusterTopology(all("127.0.0.1:26051"), List.of(), 1).hashText(),
        new ClusterTopology(List.of(), all("127.0.0.1:26051"), 2).hashText(),
        new ClusterTopology(all("b:1", "a:2"), all("c:3"), 7).hashText());

    assertEquals(
        List.of("9be2c6196b51752f", "69f67a1871c9999d", "601be9683680e4ca", "cdbb4e69b4bae220"),
        hashes);
  }

  @Test
  void ignoresOrderAndRepetitionInItsHash() { // B1
    assertEquals(
        new ClusterTopology(all("a:2", "b:1"), List.of(), 7).hash(),
        new ClusterTopology(all("b:1", "a:2", "b:1"), List.of(), 7).hash());
  }

  @Test
  void showsAllSixteenDigits() { // B1: an unsigned number with leading zeros
    ClusterTopology topology = new ClusterTopology(all("a:1"), List.of(), 1);

    assertEquals(16, topology.hashText().length());
    assertEquals(topology.hash(), Long.parseUnsignedLong(topology.hashText(), 16));
  }

  @Test
  void refusesANegativeVersion() {
    assertThrows(
        IllegalArgumentException.class, () -> new ClusterTopology(List.of(), List.of(), -1));
  }

  @Test
  void hasAMembersHashThatDependsOnTheMembersAlone() { // B7
    NodeId a = new NodeId(Authority.parse("a:1"), 1);
    NodeId b = new NodeId(Authority.parse("b:1"), 2);
    long hash = new ClusterView(1, List.of(a, b), all("c:1")).membersHash();

    assertEquals(hash, new ClusterView(9, List.of(b, a), all("c:1")).membersHash());
    assertNotEquals(hash, new ClusterView(1, List.of(a, b), List.of()).membersHash());
    assertNotEquals(
        hash,
        new ClusterView(1, List.of(a, new NodeId(b.authority(), 3)), all("c:1")).membersHash());
  }
}
