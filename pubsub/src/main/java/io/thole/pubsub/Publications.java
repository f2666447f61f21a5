package io.thole.pubsub;

import io.thole.api.NodeId;
import io.thole.api.pubsub.Outcome;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** The publications of this node that still miss an outcome. Any thread. */
final class Publications implements Origin {
  /** How much memory they may take; with more open, publishing is refused. */
  static final long BYTES = 64L << 20;

  private final Callbacks callbacks;
  private final Map<Long, Publication> open = new ConcurrentHashMap<>();
  private final AtomicLong openBytes = new AtomicLong();
  private volatile boolean closed;

  Publications(Callbacks callbacks) {
    this.callbacks = callbacks;
  }

  /** Takes memory for one; false if there is none. */
  boolean reserve(long bytes) {
    if (openBytes.addAndGet(bytes) <= BYTES) {
      return true;
    }
    openBytes.addAndGet(-bytes);
    return false;
  }

  /** Opens one, for which memory was reserved. Its targets without credit end at once. */
  void open(Publication publication) {
    open.put(publication.number(), publication);
    for (int place = 0; place < publication.targets().size(); place++) {
      if (!publication.credited(place)) {
        end(publication, place, Outcome.OVERFLOW, "");
      }
    }
    if (publication.targets().isEmpty()) {
      tell(publication);
    }
    if (closed) {
      endAll(publication, target -> true, Outcome.CLOSING);
    }
  }

  @Override
  public void ended(long number, int place, Outcome outcome, String reason) {
    Publication publication = open.get(number);
    if (publication != null) {
      end(publication, place, outcome, reason);
    }
  }

  /** A peer says what became of a message: it may speak for its own targets alone. */
  void ended(NodeId peer, PeerMessage.Ended end) {
    Publication publication = open.get(end.publication());
    if (publication != null
        && end.place() >= 0
        && end.place() < publication.targets().size()
        && publication.targets().get(end.place()).node().equals(peer)) {
      end(publication, end.place(), end.outcome(), end.reason());
    }
  }

  /** A node is gone, and whether its targets were told nobody knows. */
  void lost(NodeId peer) {
    open.values()
        .forEach(publication ->
            endAll(publication, target -> target.node().equals(peer), Outcome.NODE_LOST));
  }

  /** Ends those that are late. */
  void expire(long nowNanos) {
    for (Publication publication : open.values()) {
      if (publication.isDue(nowNanos)) {
        endAll(publication, target -> true, Outcome.TIMEOUT);
      }
    }
  }

  /** Ends all, and those that come. */
  void close() {
    closed = true;
    open.values().forEach(publication -> endAll(publication, target -> true, Outcome.CLOSING));
  }

  boolean isEmpty() {
    return open.isEmpty();
  }

  private void endAll(Publication publication, Predicate<Target> which, Outcome outcome) {
    for (int place = 0; place < publication.targets().size(); place++) {
      if (which.test(publication.targets().get(place))) {
        end(publication, place, outcome, "");
      }
    }
  }

  private void end(Publication publication, int place, Outcome outcome, String reason) {
    if (publication.end(place, outcome, reason, () -> reserve(Publication.REASON_BYTES))) {
      tell(publication);
    }
  }

  private void tell(Publication publication) {
    open.remove(publication.number());
    callbacks.add(() -> {
      openBytes.addAndGet(-publication.bytes());
      publication.report().complete(publication.outcome());
    });
  }
}
