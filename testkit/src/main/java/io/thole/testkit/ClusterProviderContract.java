package io.thole.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent;
import io.thole.api.ClusterEvent.PartFailed;
import io.thole.api.ClusterEvent.ProviderSwapFailed;
import io.thole.api.ClusterEvent.Shutdown;
import io.thole.api.ClusterEvent.Startup;
import io.thole.api.ClusterEvent.StartupFailed;
import io.thole.api.ClusterEvent.TopologyRejected;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterException;
import io.thole.api.ClusterSettings;
import io.thole.api.ClusterState;
import io.thole.api.NodeId;
import io.thole.api.StartupMode;
import io.thole.spi.ClusterProvider;
import io.thole.spi.PartContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * What every {@link ClusterProvider} must do, as JUnit tests. Extend it, and say how to make yours:
 *
 * <pre>{@code
 * class NeighboursProviderTest extends ClusterProviderContract {
 *   @Override
 *   protected ClusterProvider newProvider() {
 *     return new NeighboursProvider();
 *   }
 * }
 * }</pre>
 *
 * <p>The provider runs on a node of the real core in virtual time ({@link ManualNode}). More is tested where the contract can
 * reach the source behind the provider: override {@link #listMembers} and {@link #breakSource}; tests that need them are
 * skipped otherwise. A source that has threads of its own is made before, in a {@code @BeforeEach}: a thread that comes
 * after {@link #newProvider} and does not go is held against the provider.
 */
@Isolated("counts the threads of the whole process")
@Timeout(120)
public abstract class ClusterProviderContract {
  private static final Authority FIRST = new Authority("127.0.0.1", 26_061);
  private static final Authority SECOND = new Authority("127.0.0.1", 26_062);
  private static final Authority THIRD = new Authority("127.0.0.1", 26_063);
  private static final Duration STEP = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration CALL_LIMIT = Duration.ofSeconds(5);

  private final List<Trial> trials = new ArrayList<>();

  /** Makes the contract; JUnit does. */
  protected ClusterProviderContract() {}

  /** Makes a provider that is not started. Called once in each test, after your {@code @BeforeEach}. */
  protected abstract ClusterProvider newProvider();

  /**
   * Has the source behind the provider say that these are all the members; a source that {@link #breakSource} broke works
   * again. Called after {@link #newProvider}, before the start of the provider, while it runs, and after it has ended.
   *
   * @param members the whole cluster; the node that the provider runs on is among them
   * @return false if the source cannot be told
   */
  protected boolean listMembers(List<Authority> members) {
    return false;
  }

  /**
   * Breaks the source behind the provider, or its configuration, so that the next start of the provider fails.
   *
   * @return false if no start can be made to fail
   */
  protected boolean breakSource() {
    return false;
  }

  /** Returns what the node is told; its address must have a port. */
  protected ClusterSettings settings() {
    return ClusterSettings.DEFAULTS;
  }

  /** Returns how long, in real time, to wait for what the provider does on threads of its own. */
  protected Duration patience() {
    return Duration.ofSeconds(10);
  }

  @Test // D11
  void hasOneNameOfLettersDigitsDotsAndDashes() {
    Trial trial = new Trial(StartupMode.MEMBER);
    String name = trial.provider.name();

    trial.node.start();
    String running = trial.provider.name();
    trial.node.stop(true);

    assertTrue(name.matches("[A-Za-z0-9.-]{1,64}"), "the name of the provider: " + name);
    assertEquals(List.of(name, name), List.of(running, trial.provider.name()));
  }

  @Test
  void beginsNothingBeforeItsStart() {
    Trial trial = new Trial(StartupMode.MEMBER);

    trial.assertNoThreadIsLeft();
  }

  @Test // E1
  void startsAndStopsAsAMember() {
    assertStartsAndStops(StartupMode.MEMBER);
  }

  @Test // E3, F5
  void startsAndStopsAsAClient() {
    assertStartsAndStops(StartupMode.CLIENT);
  }

  @Test // A1
  void tellsAMemberWhoIsThere() {
    Trial trial = new Trial(StartupMode.MEMBER);
    trial.list(FIRST, SECOND);

    trial.node.start();

    trial.assertSees(trial.self(), FIRST, SECOND);
  }

  @Test // F5
  void tellsAClientWhoIsThere() {
    Trial trial = new Trial(StartupMode.CLIENT);
    trial.list(FIRST, SECOND);

    trial.node.start();

    trial.assertSees(FIRST, SECOND);
  }

  @Test // A7
  void whatItTellsInItsStartIsAppliedWhenTheNodeRuns() {
    Trial trial = new Trial(StartupMode.MEMBER);
    trial.list(FIRST, SECOND);

    trial.node.start();

    Set<Authority> expected = trial.provider.latestRun().membersToldInStart();
    expected.add(trial.self());
    assertEquals(List.copyOf(expected), trial.node.view().authorities());
  }

  @Test // F6
  void tellsChangesWhileItRuns() {
    Trial trial = new Trial(StartupMode.MEMBER);
    trial.list(FIRST, SECOND);
    trial.node.start();
    trial.assertSees(trial.self(), FIRST, SECOND);

    trial.list(SECOND, THIRD);

    trial.assertSees(trial.self(), SECOND, THIRD);
  }

  @Test // E6
  void startsAgainAfterItsShutdownAndRemembersNothing() {
    Trial trial = new Trial(StartupMode.MEMBER);
    trial.list(FIRST);
    trial.node.start();
    trial.assertSees(trial.self(), FIRST);
    trial.node.stop(true);

    trial.list(SECOND);
    trial.node.start();

    trial.assertSees(trial.self(), SECOND);
  }

  @Test // A12, E6
  void saysNothingAndLeavesNoThreadAfterItsShutdown() {
    for (boolean graceful : List.of(true, false)) {
      Trial trial = new Trial(StartupMode.MEMBER);
      listMembers(List.of(trial.self(), FIRST));
      trial.node.start();
      trial.node.advance(LONG);
      trial.node.stop(graceful);

      listMembers(List.of(trial.self(), SECOND));

      trial.assertOver();
    }
  }

  @Test // A12, E4
  void changesOfItsSourceDuringItsShutdownHarmNothing() {
    Trial trial = new Trial(StartupMode.MEMBER);
    trial.list(FIRST);
    trial.node.start();
    trial.provider.duringShutdown(() -> trial.list(SECOND, THIRD));

    trial.node.stop(true);

    trial.assertOver();
    List<ClusterEvent> events = trial.node.events();
    assertEquals(new Shutdown(trial.self(), StartupMode.MEMBER), events.get(events.size() - 1));
  }

  @Test // E2, D6
  void aStartThatFailsSaysWhyAndLeavesNothing() {
    for (StartupMode mode : StartupMode.values()) {
      Trial trial = new Trial(mode);
      trial.breakIt();

      assertThrows(ClusterException.class, trial.node::start);

      trial.assertStartFailedWithAReason();
      assertEquals(1, trial.node.events(StartupFailed.class).size());
      assertEquals(ClusterState.STOPPED, trial.node.state());
      trial.assertOver();
    }
  }

  @Test // E2
  void startsOnceItsSourceIsMended() {
    Trial trial = new Trial(StartupMode.MEMBER);
    trial.breakIt();
    assertThrows(ClusterException.class, trial.node::start);

    trial.list(FIRST);
    trial.node.start();

    trial.assertSees(trial.self(), FIRST);
  }

  @Test // O1
  void takesOverFromAnotherProviderAndHandsBack() {
    Listed other = new Listed(List.of(SECOND));
    Trial trial = new Trial(StartupMode.MEMBER, other);
    boolean listed = listMembers(List.of(trial.self(), FIRST));
    trial.node.start();

    trial.node.swap(trial.provider.name());
    if (listed) {
      trial.await(() -> trial.node.view().contains(FIRST));
      assertTrue(trial.node.view().contains(FIRST), "members: " + trial.node.view());
    }
    trial.node.swap(other.name());
    listMembers(List.of(trial.self(), THIRD));

    trial.assertOver();
    trial.assertSees(trial.self(), SECOND);
  }

  @Test // O3
  void aTakeoverThatFailsLeavesTheOtherProviderInCharge() {
    Listed other = new Listed(List.of(SECOND));
    Trial trial = new Trial(StartupMode.MEMBER, other);
    trial.breakIt();
    trial.node.start();

    assertThrows(ClusterException.class, () -> trial.node.swap(trial.provider.name()));

    trial.assertStartFailedWithAReason();
    assertEquals(1, trial.node.events(ProviderSwapFailed.class).size());
    trial.assertOver();
    trial.assertSees(trial.self(), SECOND);
  }

  @AfterEach
  void staysWithinTheLimitsAndTalksSense() {
    for (Trial trial : trials) {
      trial.node.close();
      assertTrue(
          trial.provider.slowest().compareTo(CALL_LIMIT) <= 0,
          () ->
              "a start or shutdown took " + trial.provider.slowest() + "; allowed: " + CALL_LIMIT);
      assertEquals(List.of(), trial.node.events(TopologyRejected.class));
      assertEquals(List.of(), trial.node.events(PartFailed.class));
    }
  }

  private void assertStartsAndStops(StartupMode mode) {
    Trial trial = new Trial(mode);
    listMembers(List.of(trial.self(), FIRST));

    trial.node.start();
    trial.node.stop(true);

    List<ClusterEvent> lifecycle = trial.node.events().stream()
        .filter(event -> !(event instanceof TopologyUpdated))
        .toList();
    assertEquals(
        List.of(new Startup(trial.self(), mode), new Shutdown(trial.self(), mode)), lifecycle);
  }

  /** One provider on one node, and the threads that there were before either. */
  private final class Trial {
    final ThreadCensus threads = ThreadCensus.now();
    final WatchedProvider provider = new WatchedProvider(newProvider());
    final ManualNode node;

    Trial(StartupMode mode, ClusterProvider... others) {
      node = ManualNode.create(settings().with("mode", mode));
      for (ClusterProvider other : others) {
        node.add(other);
      }
      node.add(provider);
      trials.add(this);
    }

    Authority self() {
      return settings().bind().authority();
    }

    void list(Authority... others) {
      List<Authority> members =
          Stream.concat(Stream.of(self()), Stream.of(others)).toList();
      assumeTrue(listMembers(members), "listMembers says that the source cannot be told");
    }

    void breakIt() {
      assumeTrue(breakSource(), "breakSource says that no start can be made to fail");
    }

    void assertSees(Authority... members) {
      List<Authority> expected = Stream.of(members).sorted().toList();
      await(() -> node.view().authorities().equals(expected));
      assertEquals(expected, node.view().authorities());
    }

    void assertStartFailedWithAReason() {
      String reason = provider.failure().map(Throwable::getMessage).orElse("");
      assertFalse(reason.isBlank(), () -> "the start gave no reason: " + provider.failure());
    }

    void assertOver() {
      assertNoThreadIsLeft();
      node.advance(LONG);
      assertEquals(List.of(), provider.late(), "what it told after its end");
    }

    void assertNoThreadIsLeft() {
      new Patience(patience()).until(() -> threads.newcomers().isEmpty(), Patience::rest);
      assertEquals(List.of(), threads.newcomers(), "threads that are left");
    }

    void await(BooleanSupplier condition) {
      new Patience(patience()).until(condition, () -> {
        node.advance(STEP);
        Patience.rest();
      });
    }
  }

  /** The other provider of a hand-over: a list that never changes. */
  private record Listed(List<Authority> members) implements ClusterProvider {
    @Override
    public String name() {
      return "of-the-contract";
    }

    @Override
    public void startMember(PartContext context) {
      context.topology().view(members.stream().map(NodeId::at).toList());
    }

    @Override
    public void startClient(PartContext context) {
      startMember(context);
    }

    @Override
    public void shutdown(boolean graceful) {}
  }
}
