package io.thole.roster;

import io.thole.api.Authority;
import io.thole.spi.ClusterProvider;
import io.thole.testkit.ClusterProviderContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class RosterContractTest extends ClusterProviderContract {
  @TempDir
  private Path home;

  @BeforeEach
  void writeAnEmptyRoster() {
    listMembers(List.of());
  }

  @Override
  protected ClusterProvider newProvider() {
    return new RosterProviderComponent(home.toString(), "roster.txt");
  }

  @Override
  protected boolean listMembers(List<Authority> members) {
    try {
      Files.write(
          home.resolve("roster.txt"), members.stream().map(Authority::toString).toList());
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected boolean breakSource() {
    try {
      Files.deleteIfExists(home.resolve("roster.txt"));
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
