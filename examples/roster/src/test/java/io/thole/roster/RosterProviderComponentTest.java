package io.thole.roster;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.ClusterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RosterProviderComponentTest {
  private final RecordedNode node = new RecordedNode();

  @TempDir
  private Path home;

  private RosterProviderComponent provider;

  @BeforeEach
  void makeTheProvider() {
    provider = new RosterProviderComponent(home.toString(), "roster.txt");
  }

  @Test // D11
  void tellsWhatTheFileListsWithoutCommentsAndBlankLines() throws IOException {
    write("# the cluster", "", "a:1", "  b:2  # the second");

    provider.startMember(node);

    assertEquals(List.of(List.of("a:1", "b:2")), node.views);
  }

  @Test // O3
  void failsToStartWithTheReasonWhereThereIsNoFile() {
    ClusterException failure =
        assertThrows(ClusterException.class, () -> provider.startClient(node));

    assertTrue(
        String.valueOf(failure.getMessage()).contains(home.resolve("roster.txt").toString()));
    assertEquals(List.of(), node.views);
    assertEquals(List.of(), node.delays);
  }

  @Test
  void readsTheFileEverySecondAndTellsChangesOnly() throws IOException {
    write("a:1");
    provider.startMember(node);

    node.passTime();
    write("a:1", "b:2");
    node.passTime();

    assertEquals(List.of(List.of("a:1"), List.of("a:1", "b:2")), node.views);
    assertEquals(
        List.of(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1)), node.delays);
  }

  @Test
  void reportsAFileThatIsGoneOnceAndGoesOnWhenItIsBack() throws IOException {
    write("a:1");
    provider.startMember(node);

    Files.delete(home.resolve("roster.txt"));
    assertThrows(ClusterException.class, node::passTime);
    assertDoesNotThrow(node::passTime);
    write("b:2");
    node.passTime();
    Files.delete(home.resolve("roster.txt"));

    assertThrows(ClusterException.class, node::passTime);
    assertEquals(List.of(List.of("a:1"), List.of("b:2")), node.views);
  }

  @Test // F6
  void readsAnotherFileOnceItIsConfigured() throws IOException {
    write("a:1");
    provider.startMember(node);
    Path other = Files.writeString(home.resolve("other.txt"), "b:2");

    provider.modified(Map.of("file", other.toString()));
    node.passTime();

    assertEquals(List.of(List.of("a:1"), List.of("b:2")), node.views);
  }

  private void write(String... lines) throws IOException {
    Files.write(home.resolve("roster.txt"), List.of(lines));
  }
}
