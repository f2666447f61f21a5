package io.thole.core;

import io.thole.api.Authority;
import io.thole.api.ClusterException;
import io.thole.api.ClusterSettings;
import io.thole.api.ConfigurationException;
import io.thole.api.PartKind;
import io.thole.api.StartupFailedException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One start: the transport, with which the node gets its address, and then the other parts, one after the other. The first
 * failure ends it; what had started is left to be unwound. Confined to the loop.
 */
final class StartSequence {
  private static final List<PartKind> AFTER_THE_ADDRESS =
      List.of(PartKind.PUBSUB, PartKind.GRAINS, PartKind.GOSSIP, PartKind.PROVIDER);

  private final PartDriver parts;
  private final PartRoster roster;
  private final NodeTopologyPublisher publisher;
  private final ClusterSettings settings;
  private final long incarnation;
  private boolean lostPart;

  StartSequence(
      PartDriver parts,
      PartRoster roster,
      NodeTopologyPublisher publisher,
      ClusterSettings settings,
      long incarnation) {
    this.parts = parts;
    this.roster = roster;
    this.publisher = publisher;
    this.settings = settings;
    this.incarnation = incarnation;
  }

  /**
   * Runs the sequence.
   *
   * @param wanted asked between the parts: whether the node should still start
   * @param opened is told the node's address, before any part but the transport starts
   * @param ended is told, once, what failed, or null
   */
  void run(
      BooleanSupplier wanted,
      Consumer<Authority> opened,
      Consumer<@Nullable ClusterException> ended) {
    Steps steps = new Steps(wanted, ended);
    steps.start(
        PartKind.TRANSPORT,
        () -> address()
            .ifPresentOrElse(
                address -> {
                  opened.accept(address);
                  steps.startAll(AFTER_THE_ADDRESS.iterator());
                },
                () -> ended.accept(new StartupFailedException("bind=" + settings.bind()
                    + " asks for any free port, which only a transport can find; there is none"))));
  }

  /** Tells whether the sequence ended because a part was taken out, which is no failure. */
  boolean lostPart() {
    return lostPart;
  }

  private Optional<Authority> address() {
    return settings
        .advertise()
        .or(() -> parts.running(PartKind.TRANSPORT).flatMap(run -> run.context().bound()))
        .or(() -> Optional.of(settings.bind())
            .filter(bind -> !bind.anyPort())
            .map(bind -> bind.authority()));
  }

  /** The steps of one run of the sequence. */
  private final class Steps {
    private final BooleanSupplier wanted;
    private final Consumer<@Nullable ClusterException> ended;

    Steps(BooleanSupplier wanted, Consumer<@Nullable ClusterException> ended) {
      this.wanted = wanted;
      this.ended = ended;
    }

    void startAll(Iterator<PartKind> kinds) {
      if (kinds.hasNext()) {
        start(kinds.next(), () -> startAll(kinds));
      } else {
        ended.accept(null);
      }
    }

    void start(PartKind kind, Runnable next) {
      roster.elected(kind).ifPresentOrElse(part -> start(part, next), next);
    }

    private void start(Part part, Runnable next) {
      PartRun run = parts.prepare(part, incarnation, settings, publisher.source(part.name()));
      parts.start(run, settings.startTimeout(), failure -> {
        if (failure == null) {
          parts.install(run);
        }
        lostPart = !roster.contains(part)
            || parts.running().stream().anyMatch(other -> !roster.contains(other.part()));
        if (failure != null) {
          ended.accept(reason(part, failure));
        } else if (lostPart) {
          ended.accept(new StartupFailedException("a part was taken out during the start"));
        } else if (!wanted.getAsBoolean()) {
          ended.accept(new StartupFailedException("the node was stopped during its start"));
        } else {
          next.run();
        }
      });
    }

    private ClusterException reason(Part part, Throwable failure) {
      return failure instanceof ConfigurationException refused
          ? refused
          : new StartupFailedException(part + ": " + Failure.reason(failure));
    }
  }
}
