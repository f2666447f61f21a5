package io.thole.grains;

import io.thole.api.NodeId;
import io.thole.api.grain.Grain;
import io.thole.api.grain.GrainId;
import io.thole.api.grain.GrainKind;
import io.thole.api.grain.GrainStatus;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The grains that live on this node: at most one for each identity, each with a mailbox and one request at a time. An
 * activation that ends keeps its identity until its turn is over, so that no second one begins beside it.
 */
public final class ActivationTable {
  /** How many requests may wait for one grain. */
  public static final int MAILBOX_LIMIT = 1_000;

  /** How many grains may live on a node: a caller may make up keys. */
  public static final int ACTIVATIONS_LIMIT = 100_000;

  /** How many bytes may wait in all mailboxes together: those of a node's own open calls are among them. */
  public static final long BYTES_LIMIT = 64 << 20;

  /** How many grains may serve at once: each holds a thread meanwhile, and a caller may call many. */
  public static final int TURNS_LIMIT = 1_024;

  private final Map<GrainId, Activation> activations = new HashMap<>();
  private final ArrayDeque<Activation> ready = new ArrayDeque<>(); // have mail, and wait for a turn
  private int made;
  private int turns;
  private long bytes; // in the mailboxes
  private long expired;

  /** What became of a request that came to its grain. */
  public enum Entry {
    /** It waits in the mailbox. */
    TAKEN,
    /** There is no room in the mailbox, or for another activation. */
    FULL,
    /** The activation here is ending: its successor must wait, or live elsewhere. */
    ENDING
  }

  /**
   * Puts a request into its grain's mailbox. If it was taken, {@link #successor()} may have something to do.
   *
   * @param kind what makes the grain, if there is none
   */
  public Entry enter(GrainRequest request, GrainKind kind) {
    Activation living = activations.get(request.id());
    if (living == null) {
      if (activations.size() >= ACTIVATIONS_LIMIT || !admits(request)) {
        return Entry.FULL;
      }
      living = new Activation(request.id(), kind);
      activations.put(living.id, living);
    }
    if (living.ending) {
      return Entry.ENDING;
    }
    if (living.mailbox.size() >= MAILBOX_LIMIT || !admits(request)) {
      return Entry.FULL;
    }
    living.mailbox.add(request);
    bytes += request.weight();
    makeReady(living);
    return Entry.TAKEN;
  }

  private boolean admits(GrainRequest request) {
    return bytes + request.weight() <= BYTES_LIMIT;
  }

  /** Returns the activation whose worker is to serve next, if there is one and a turn for it. */
  public Optional<Activation> successor() {
    if (turns >= TURNS_LIMIT || ready.isEmpty()) {
      return Optional.empty();
    }
    Activation next = ready.remove();
    next.waiting = false;
    next.serving = true;
    turns++;
    return Optional.of(next);
  }

  /**
   * Ends the request that an activation serves, if it does, and begins its next. What has expired is dropped.
   *
   * @param first whether its worker has just begun: later it yields to others that wait for a turn
   * @return nothing if its worker is to stop
   */
  public Optional<GrainRequest> next(Activation serving, boolean first, long nowNanos) {
    GrainRequest request = first || ready.isEmpty() ? poll(serving, nowNanos) : null;
    if (request == null) {
      rest(serving, nowNanos);
    }
    return Optional.ofNullable(request);
  }

  /** Notes that the grain of an activation was made. */
  public Grain made(Activation activation, Grain grain) {
    activation.grain = grain;
    made++;
    return grain;
  }

  /**
   * Has activations take nothing more and go, those that serve after their turn. Those that end already are passed over.
   *
   * @return what waited in their mailboxes, in order
   */
  public List<GrainRequest> end(List<Activation> which) {
    return which.stream()
        .filter(activation -> !activation.ending)
        .flatMap(activation -> end(activation).stream())
        .toList();
  }

  private List<GrainRequest> end(Activation activation) {
    List<GrainRequest> left = List.copyOf(activation.mailbox);
    left.forEach(request -> bytes -= request.weight());
    activation.mailbox.clear();
    activation.ending = true;
    if (activation.waiting) {
      activation.waiting = false;
      ready.remove(activation);
    }
    if (!activation.serving) {
      remove(activation);
    }
    return left;
  }

  /** Returns the activations that are not ending. */
  public List<Activation> living() {
    return activations.values().stream()
        .filter(activation -> !activation.ending)
        .toList();
  }

  /** Returns the state of the grains that live here, at most so many, sorted. */
  public List<GrainStatus> statuses(NodeId self, int most, long nowNanos) {
    return activations.values().stream()
        .filter(activation -> activation.grain != null)
        .map(activation -> activation.status(self, nowNanos))
        .limit(most)
        .sorted(Comparator.comparing(status -> status.id().toString()))
        .toList();
  }

  /** Returns how many grains live here. */
  public int size() {
    return made;
  }

  /** Tells whether none of these serves or has mail. */
  public boolean calm(List<Activation> which) {
    return which.stream().noneMatch(activation -> activation.serving || activation.waiting);
  }

  /** Tells whether nothing is served and nothing waits. */
  public boolean calm() {
    return turns == 0 && ready.isEmpty();
  }

  /** Returns how many requests were dropped because nobody waited for them any more. */
  public long expired() {
    return expired;
  }

  private @Nullable GrainRequest poll(Activation serving, long nowNanos) {
    for (GrainRequest request = serving.mailbox.poll();
        request != null;
        request = serving.mailbox.poll()) {
      bytes -= request.weight();
      if (!request.expired(nowNanos)) {
        GrainRequest following = serving.mailbox.peek();
        serving.followed = following != null && following.caller().equals(request.caller());
        return request;
      }
      expired++;
    }
    return null;
  }

  private void rest(Activation served, long nowNanos) {
    served.serving = false;
    served.idleSinceNanos = nowNanos;
    turns--;
    if (served.ending || (served.mailbox.isEmpty() && served.grain == null)) {
      remove(served);
    } else {
      makeReady(served);
    }
  }

  private void remove(Activation activation) {
    activations.remove(activation.id);
    activation.ending = true; // also one whose grain could not be made: nobody may find it again
    made -= activation.grain == null ? 0 : 1;
  }

  private void makeReady(Activation activation) {
    if (!activation.serving && !activation.waiting && !activation.mailbox.isEmpty()) {
      activation.waiting = true;
      ready.add(activation);
    }
  }
}
