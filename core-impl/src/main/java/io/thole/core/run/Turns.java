package io.thole.core.run;

import io.thole.api.NodeId;
import io.thole.api.grain.CallReport.AppError;
import io.thole.api.grain.Grain;
import io.thole.api.grain.GrainKind;
import io.thole.api.grain.GrainStatus;
import io.thole.core.Worker;
import io.thole.core.grain.Activation;
import io.thole.core.grain.ActivationTable;
import io.thole.core.grain.ActivationTable.Entry;
import io.thole.core.grain.GrainCodec;
import io.thole.core.grain.GrainRequest;
import io.thole.core.run.LocalGrains.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The grains that live on this node, and their turns: an {@link ActivationTable} under a lock, and workers on which grains serve
 * what is in their mailboxes. Any thread.
 */
final class Turns {
  private final LocalGrains home;
  private final NodeId self;
  private final Outcomes outcomes;
  private final Guard guard = new Guard();
  private final ActivationTable activations = new ActivationTable(); // these under it
  private boolean closed;

  /** Is told, without the lock, what became of each request. */
  interface Outcomes {
    /** The grain has replied; the array is the grain's. */
    void replied(GrainRequest request, byte[] reply);

    /** The grain threw, or its reply is none. */
    void failed(GrainRequest request, AppError error);

    /** The mailbox is full. */
    void full(GrainRequest request);

    /** The grain cannot live here at the moment. */
    void notHere(GrainRequest request);

    /** It was not executed: this process was stopped, and whoever waits has perhaps gone on without it. */
    void wasStopped(GrainRequest request);
  }

  Turns(LocalGrains home, NodeId self, Outcomes outcomes) {
    this.home = home;
    this.self = self;
    this.outcomes = outcomes;
  }

  /** Puts requests into the mailboxes of their grains, in order, and has those serve that do not yet. */
  void enter(List<GrainRequest> requests) {
    if (home.loop.wasStopped()) {
      requests.forEach(outcomes::wasStopped);
      return;
    }
    List<Entry> entries = guard.locked(() -> {
      List<Entry> decided = new ArrayList<>(requests.size());
      for (GrainRequest request : requests) {
        decided.add(enter(request));
      }
      return decided;
    });
    serveNext();
    for (int i = 0; i < entries.size(); i++) {
      switch (entries.get(i)) {
        case TAKEN -> {}
        case FULL -> outcomes.full(requests.get(i));
        case ENDING -> outcomes.notHere(requests.get(i));
      }
    }
  }

  private Entry enter(GrainRequest request) {
    Optional<GrainKind> kind =
        closed ? Optional.empty() : home.kind(request.id().kind());
    return kind.isEmpty() ? Entry.ENDING : activations.enter(request, kind.get());
  }

  /** Has every activation serve that has mail and a turn, on a worker that it has for as long as it has mail. */
  private void serveNext() {
    for (Optional<Activation> next = guard.locked(activations::successor);
        next.isPresent();
        next = guard.locked(activations::successor)) {
      Activation serving = next.get();
      Worker worker = home.workers.open("grain " + serving.id(), 1);
      worker.offer(() -> serve(serving, worker));
    }
  }

  private void serve(Activation activation, Worker worker) {
    Turn turn = home.turn();
    boolean stopped = false; // of what waits for one grain, nothing overtakes what is refused
    for (Optional<GrainRequest> next = next(activation, true);
        next.isPresent();
        next = next(activation, false)) {
      stopped |= home.loop.wasStopped();
      if (stopped) {
        outcomes.wasStopped(next.get());
      } else {
        serve(activation, next.get(), turn);
      }
    }
    worker.close();
    serveNext();
  }

  private Optional<GrainRequest> next(Activation activation, boolean first) {
    return guard.locked(() -> activations.next(activation, first, home.loop.nowNanos()));
  }

  private void serve(Activation activation, GrainRequest request, Turn turn) {
    byte[] reply;
    turn.chain = activation.chain(request);
    try {
      reply = Objects.requireNonNull(
          grain(activation).onRequest(request.payload()), "onRequest returned nothing");
    } catch (Throwable thrown) { // a grain may throw anything; its caller is told
      outcomes.failed(
          request,
          new AppError(
              GrainCodec.harmless(thrown.getClass().getName()),
              GrainCodec.harmless(Objects.requireNonNullElse(thrown.getMessage(), ""))));
      return;
    } finally {
      turn.chain = List.of();
    }
    if (reply.length <= GrainRequest.PAYLOAD_LIMIT) {
      outcomes.replied(request, reply);
    } else {
      outcomes.failed(
          request,
          new AppError(
              IllegalStateException.class.getName(),
              "a reply of " + reply.length + " bytes; at most " + GrainRequest.PAYLOAD_LIMIT
                  + " are allowed"));
    }
  }

  private Grain grain(Activation activation) {
    return activation.grain().orElseGet(() -> {
      Grain made = Objects.requireNonNull(
          activation.kind().activate(activation.id(), self), "activate returned nothing");
      return guard.locked(() -> activations.made(activation, made));
    });
  }

  /**
   * Ends activations after their turns.
   *
   * @param left takes what waits for them, in order; under the lock, so that nothing new comes before it
   * @return what waited for them
   */
  List<GrainRequest> end(List<Activation> ending, Consumer<GrainRequest> left) {
    return guard.locked(() -> {
      List<GrainRequest> waiting = activations.end(ending);
      waiting.forEach(left);
      return waiting;
    });
  }

  /** The same for all, and no other begins. */
  List<GrainRequest> close(Consumer<GrainRequest> left) {
    return guard.locked(() -> {
      closed = true;
      List<GrainRequest> waiting = activations.end(activations.living());
      waiting.forEach(left);
      return waiting;
    });
  }

  /** Returns the activations that are not ending. */
  List<Activation> living() {
    return guard.locked(activations::living);
  }

  /** Returns the state of the grains that live here, at most so many, sorted. */
  List<GrainStatus> statuses(int most) {
    return guard.locked(() -> activations.statuses(self, most, home.loop.nowNanos()));
  }

  /** Tells whether none of these serves or has mail. */
  boolean calm(List<Activation> which) {
    return guard.locked(() -> activations.calm(which));
  }

  /** Tells whether nothing is served and nothing waits. */
  boolean calm() {
    return guard.locked(() -> activations.calm());
  }

  /** Returns how many grains live here. */
  int size() {
    return guard.locked(activations::size);
  }

  /** Returns how many requests were dropped because nobody waited for them any more. */
  long expired() {
    return guard.locked(activations::expired);
  }
}
