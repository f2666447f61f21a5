package io.thole.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.ClusterException;
import io.thole.spi.ClusterProvider;
import io.thole.spi.PartContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract passes a provider that keeps it, and finds each lie. */
@Isolated("the contract counts the threads of the whole process")
class ClusterProviderContractTest {
  private static final int TESTS = 15;

  @Test
  void passesAProviderThatKeepsIt() {
    assertEquals(new Verdict(new TreeMap<>(), TESTS, 0), Verdict.of(Honest.class));
  }

  @Test
  void skipsWhatItCannotReach() {
    Verdict verdict = Verdict.of(OutOfReach.class);

    assertEquals(Map.of(), verdict.failures());
    assertEquals(TESTS, verdict.passed() + verdict.skipped());
    assertEquals(9, verdict.skipped());
  }

  /** A lie, and the tests that must find it. */
  private record Lie(Class<?> contract, Set<String> found) {}

  static List<Lie> lies() {
    return List.of(
        new Lie(BadName.class, Set.of("hasOneNameOfLettersDigitsDotsAndDashes")),
        new Lie(NewName.class, Set.of("hasOneNameOfLettersDigitsDotsAndDashes")),
        new Lie(EarlyThread.class, Set.of("beginsNothingBeforeItsStart")),
        new Lie(ThreadAfterFailure.class, Set.of("aStartThatFailsSaysWhyAndLeavesNothing")),
        new Lie(NoReason.class, Set.of("aStartThatFailsSaysWhyAndLeavesNothing")),
        new Lie(ThreadAfterShutdown.class, Set.of("saysNothingAndLeavesNoThreadAfterItsShutdown")),
        new Lie(TalksAfterShutdown.class, Set.of("saysNothingAndLeavesNoThreadAfterItsShutdown")),
        new Lie(TalksDuringTheEnd.class, Set.of("changesOfItsSourceDuringItsShutdownHarmNothing")),
        new Lie(DeafToChanges.class, Set.of("tellsChangesWhileItRuns")),
        new Lie(StartsOnce.class, Set.of("startsAgainAfterItsShutdownAndRemembersNothing")),
        new Lie(ForgetsClients.class, Set.of("tellsAClientWhoIsThere")),
        new Lie(TalksNonsense.class, Set.of("tellsAMemberWhoIsThere")),
        new Lie(FailsToStop.class, Set.of("startsAndStopsAsAMember", "startsAndStopsAsAClient")));
  }

  @ParameterizedTest
  @MethodSource("lies")
  void findsALie(Lie lie) {
    Verdict verdict = Verdict.of(lie.contract(), lie.found());

    assertTrue(verdict.failures().keySet().containsAll(lie.found()), verdict.toString());
  }

  abstract static class OfScripted extends ClusterProviderContract {
    final ScriptedProvider provider;

    OfScripted(ScriptedProvider provider) {
      this.provider = provider;
    }

    @Override
    protected ClusterProvider newProvider() {
      return provider;
    }

    @Override
    protected boolean listMembers(List<Authority> members) {
      provider.list(members);
      return true;
    }

    @Override
    protected boolean breakSource() {
      provider.breakIt();
      return true;
    }

    @Override
    protected Duration patience() {
      return Duration.ofMillis(100);
    }
  }

  static class Honest extends OfScripted {
    Honest() {
      super(new ScriptedProvider());
    }
  }

  static class OutOfReach extends ClusterProviderContract {
    @Override
    protected ClusterProvider newProvider() {
      return new ScriptedProvider();
    }
  }

  static class BadName extends OfScripted {
    BadName() {
      super(new ScriptedProvider() {
        @Override
        public String name() {
          return "two words";
        }
      });
    }
  }

  static class NewName extends OfScripted {
    NewName() {
      super(new ScriptedProvider() {
        private int asked;

        @Override
        public String name() {
          return "name-" + asked++;
        }
      });
    }
  }

  static class EarlyThread extends OfScripted {
    EarlyThread() {
      super(new ScriptedProvider());
    }

    @Override
    protected ClusterProvider newProvider() {
      LeakedThread.start();
      return super.newProvider();
    }
  }

  static class ThreadAfterFailure extends OfScripted {
    ThreadAfterFailure() {
      super(new ScriptedProvider() {
        @Override
        public void startMember(PartContext given) {
          try {
            super.startMember(given);
          } catch (ClusterException failure) {
            LeakedThread.start();
            throw failure;
          }
        }
      });
    }
  }

  static class NoReason extends OfScripted {
    NoReason() {
      super(new ScriptedProvider() {
        @Override
        public void startMember(PartContext given) {
          try {
            super.startMember(given);
          } catch (ClusterException failure) {
            throw new IllegalStateException();
          }
        }
      });
    }
  }

  static class ThreadAfterShutdown extends OfScripted {
    ThreadAfterShutdown() {
      super(new ScriptedProvider() {
        @Override
        public void shutdown(boolean graceful) {
          super.shutdown(graceful);
          LeakedThread.start();
        }
      });
    }
  }

  static class TalksAfterShutdown extends OfScripted {
    TalksAfterShutdown() {
      super(new ScriptedProvider() {
        @Override
        public void shutdown(boolean graceful) {}
      });
    }
  }

  static class TalksDuringTheEnd extends OfScripted {
    TalksDuringTheEnd() {
      super(new ScriptedProvider() {
        private boolean graceful;

        @Override
        public void shutdown(boolean goodbye) {
          graceful = goodbye;
          if (!goodbye) {
            super.shutdown(goodbye);
          }
        }

        @Override
        void list(List<Authority> next) {
          super.list(next);
          if (graceful) {
            super.shutdown(true);
          }
        }
      });
    }
  }

  static class DeafToChanges extends OfScripted {
    DeafToChanges() {
      super(new ScriptedProvider() {
        @Override
        public void startMember(PartContext given) {
          super.startMember(given);
          super.shutdown(true);
        }
      });
    }
  }

  static class StartsOnce extends OfScripted {
    StartsOnce() {
      super(new ScriptedProvider() {
        private boolean started;

        @Override
        public void startMember(PartContext given) {
          if (started) {
            throw new ClusterException("started already");
          }
          started = true;
          super.startMember(given);
        }
      });
    }
  }

  static class ForgetsClients extends OfScripted {
    ForgetsClients() {
      super(new ScriptedProvider() {
        @Override
        public void startClient(PartContext given) {}
      });
    }
  }

  static class TalksNonsense extends OfScripted {
    TalksNonsense() {
      super(new ScriptedProvider() {
        @Override
        public void startMember(PartContext given) {
          given.topology().viewOf(List.of("no-port"));
          super.startMember(given);
        }
      });
    }
  }

  static class FailsToStop extends OfScripted {
    FailsToStop() {
      super(new ScriptedProvider() {
        @Override
        public void shutdown(boolean graceful) {
          super.shutdown(graceful);
          throw new ClusterException("cannot stop");
        }
      });
    }
  }
}
