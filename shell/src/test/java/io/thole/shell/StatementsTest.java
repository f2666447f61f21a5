package io.thole.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatementsTest {
  @Test
  void partsALineAtItsSemicolons() {
    assertEquals(
        List.of("members", "topology --json"), Statements.of(" members;; topology --json ;"));
    assertEquals(List.of(), Statements.of("  "));
  }

  @Test
  void leavesQuotesBracketsAndEscapesWhole() {
    assertEquals(
        List.of("block a:1 --reason \"a; b\"", "echo 'c; \"d'", "each [1;2] { x; y }", "e\\;f"),
        Statements.of("block a:1 --reason \"a; b\"; echo 'c; \"d'; each [1;2] { x; y };e\\;f"));
  }
}
