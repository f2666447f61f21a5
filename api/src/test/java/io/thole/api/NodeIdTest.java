package io.thole.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NodeIdTest {
  private static final Authority A = Authority.parse("a:1");

  @Test
  void matchesUnlessSomethingKnownTellsThemApart() {
    NodeId first = new NodeId(A, 1);

    assertTrue(first.matches(new NodeId(A, 1)));
    assertTrue(first.matches(NodeId.at(A)));
    assertTrue(NodeId.at(A).matches(first));
    assertFalse(first.matches(new NodeId(A, 2)));
    assertFalse(first.matches(new NodeId(Authority.parse("b:1"), 1)));
  }

  @Test
  void showsItsIncarnationWhereItIsKnown() {
    assertEquals("a:1", NodeId.at(A).toString());
    assertEquals("a:1#ff", new NodeId(A, 255).toString());
  }

  @Test
  void isOrderedByAddressAndThenByIncarnation() {
    NodeId b = NodeId.at(Authority.parse("b:1"));

    assertEquals(
        List.of(NodeId.at(A), new NodeId(A, 2), b),
        Stream.of(b, new NodeId(A, 2), NodeId.at(A)).sorted().toList());
  }

  @Test
  void refusesANegativeIncarnation() {
    assertThrows(IllegalArgumentException.class, () -> new NodeId(A, -1));
  }
}
