package io.thole.grains.run;

import io.thole.api.NodeId;
import io.thole.api.grain.CallReport.AppError;
import io.thole.api.grain.Grain;
import io.thole.api.grain.GrainId;
import io.thole.api.grain.GrainKind;
import io.thole.api.grain.GrainStatus;
import io.thole.grains.Activation;
import io.thole.grains.ActivationTable;
import io.thole.grains.ActivationTable.Entry;
import io.thole.grains.GrainCodec;
import io.thole.grains.GrainRequest;
import io.thole.spi.PartContext;
import io.thole.spi.SerialWorker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The grains that live on this node, and their turns: an {@link ActivationTable} under a lock, and workers on which grains serve
 * what is in their mailboxes. Any thread.
 */
final class Turns {
  /** For how long an answer may wait for those that follow: a fraction of what the write of each alone would cost its reader. */
  private static final long HOLD_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

  /** The grains whose turns wait for what a thread serves. Nothing of this bundle, which a thread of others would keep. */
  private static final ThreadLocal<AtomicReference<List<GrainId>>> CHAINS = new ThreadLocal<>();

  private final PartContext context;
  private final NodeId self;
  private final Outcomes outcomes;
  private final Guard guard = new Guard();
  private final ActivationTable activations = new ActivationTable(); // these under it
  private final ArrayDeque<SerialWorker> idle = new ArrayDeque<>();
  private boolean closed;

  /** Is told, without the lock, what became of each request. */
  interface Outcomes {
    /**
     * The grain has replied.
     *
     * @param reply the grain's own array
     * @param held whether the answer may wait for those to the same caller's next requests
     */
    void replied(GrainRequest request, byte[] reply, boolean held);

    /** The grain threw, or its reply is none. */
    void failed(GrainRequest request, AppError error);

    /** The mailbox is full. */
    void full(GrainRequest request);

    /** The grain cannot live here at the moment. */
    void notHere(GrainRequest request);

    /** It was not executed: this process was stopped, and whoever waits has perhaps gone on without it. */
    void wasStopped(GrainRequest request);
  }

  Turns(PartContext context, NodeId self, Outcomes outcomes) {
    this.context = context;
    this.self = self;
    this.outcomes = outcomes;
  }

  /** Puts requests into the mailboxes of their grains, in order, and has those serve that do not yet. */
  void enter(List<GrainRequest> requests) {
    if (context.wasStopped(context.nowNanos())) {
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
        closed ? Optional.empty() : context.kind(request.id().kind());
    return kind.isEmpty() ? Entry.ENDING : activations.enter(request, kind.get());
  }

  /** Has every activation serve that has mail and a turn, on a worker that it has for as long as it has mail. */
  private void serveNext() {
    for (Optional<Activation> next = guard.locked(activations::successor);
        next.isPresent();
        next = guard.locked(activations::successor)) {
      Activation serving = next.get();
      SerialWorker worker = worker();
      if (!worker.offer(() -> serve(serving, worker))) {
        serve(
            serving,
            worker); // the part has stopped, and with it the worker: nothing waits any more
      }
    }
  }

  /** Returns a worker that is free: there are as many as grains that have served at once. */
  private SerialWorker worker() {
    SerialWorker free = guard.locked(idle::poll);
    return free == null ? context.worker("turn", 1) : free;
  }

  private void serve(Activation activation, SerialWorker worker) {
    try {
      serve(activation);
    } finally {
      guard.locked(() -> idle.add(worker));
      serveNext();
    }
  }

  private void serve(Activation activation) {
    AtomicReference<List<GrainId>> chain = ownChain();
    boolean stopped = false; // of what waits for one grain, nothing overtakes what is refused
    long nowNanos = context.nowNanos();
    long sinceNanos = nowNanos; // something was held, at the earliest
    for (Optional<GrainRequest> next = next(activation, true, nowNanos);
        next.isPresent();
        next = next(activation, false, nowNanos)) {
      stopped |= context.wasStopped(nowNanos);
      if (stopped) {
        outcomes.wasStopped(next.get());
      } else {
        byte[] reply = reply(activation, next.get(), chain);
        nowNanos = context.nowNanos();
        if (reply != null) {
          boolean held = activation.isFollowed() && nowNanos - sinceNanos < HOLD_NANOS;
          sinceNanos = held ? sinceNanos : nowNanos;
          outcomes.replied(next.get(), reply, held);
        }
      }
    }
  }

  private AtomicReference<List<GrainId>> ownChain() {
    AtomicReference<List<GrainId>> own = CHAINS.get();
    if (own == null) {
      own = new AtomicReference<>(List.of());
      CHAINS.set(own);
    }
    return own;
  }

  private Optional<GrainRequest> next(Activation activation, boolean first, long nowNanos) {
    return guard.locked(() -> activations.next(activation, first, nowNanos));
  }

  /** Returns what the grain replies; nothing if it failed, which is told. */
  private byte @Nullable [] reply(
      Activation activation, GrainRequest request, AtomicReference<List<GrainId>> chain) {
    chain.set(activation.chain(request));
    try {
      byte[] reply = Objects.requireNonNull(
          grain(activation).onRequest(request.payload()), "onRequest returned nothing");
      if (reply.length <= GrainRequest.PAYLOAD_LIMIT) {
        return reply;
      }
      throw new IllegalStateException("a reply of " + reply.length + " bytes; at most "
          + GrainRequest.PAYLOAD_LIMIT + " are allowed");
    } catch (Throwable thrown) { // a grain may throw anything; its caller is told
      outcomes.failed(
          request,
          new AppError(
              GrainCodec.harmless(thrown.getClass().getName()),
              GrainCodec.harmless(message(thrown))));
      return null;
    } finally {
      chain.set(List.of());
    }
  }

  /** Returns what it says of itself; that is the grain's code, too. */
  private static String message(Throwable thrown) {
    try {
      return Objects.requireNonNullElse(thrown.getMessage(), "");
    } catch (Throwable another) {
      return "its message cannot be had: " + another.getClass().getName();
    }
  }

  /** Returns the grains whose turns wait for what this thread does, the first caller first. */
  List<GrainId> chain() {
    AtomicReference<List<GrainId>> own = CHAINS.get();
    return own == null ? List.of() : Objects.requireNonNull(own.get());
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
    return guard.locked(() -> activations.statuses(self, most, context.nowNanos()));
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
