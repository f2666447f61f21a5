package io.thole.grains.run;

import io.thole.api.NodeId;
import io.thole.api.grain.GrainStatus;
import io.thole.grains.GrainCodec;
import io.thole.grains.GrainMessage.Live;
import io.thole.grains.GrainMessage.Survey;
import io.thole.grains.Surveys;
import io.thole.spi.Channel.Sending;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Asks all nodes with which there is a session for their live activations: {@link Surveys} under a lock. Any thread. */
final class Census {
  private final LateChannel channel;
  private final Sessions sessions;
  private final Consumer<Runnable> afterwards;
  private final Guard guard = new Guard();
  private final Surveys surveys = new Surveys(); // these under it
  private boolean closed;

  /**
   * Makes one that asks nobody.
   *
   * @param afterwards tells applications
   */
  Census(LateChannel channel, Sessions sessions, Consumer<Runnable> afterwards) {
    this.channel = channel;
    this.sessions = sessions;
    this.afterwards = afterwards;
  }

  /**
   * Asks.
   *
   * @param number never used again in this run
   * @param own what lives on this node
   */
  CompletionStage<List<GrainStatus>> ask(long number, List<GrainStatus> own, long deadlineNanos) {
    CompletableFuture<List<GrainStatus>> future = new CompletableFuture<>();
    List<NodeId> asked = sessions.all();
    boolean taken = guard.locked(() -> {
      if (!closed) {
        surveys.open(number, asked, own, deadlineNanos, future::complete);
      }
      return !closed;
    });
    if (!taken) {
      return CompletableFuture.completedFuture(own);
    }
    for (NodeId node : asked) {
      if (channel.send(node, new Survey(number)) != Sending.SENT) {
        told(node, new Live(number, true, List.of()));
      }
    }
    end(surveys::complete);
    return future;
  }

  /** Tells a peer what lives here. */
  void tell(NodeId asker, long number, List<GrainStatus> live) {
    int from = 0;
    do {
      int to = Math.min(live.size(), from + GrainCodec.LIVE_LIMIT);
      boolean last = to == live.size();
      channel.reply(asker, new Live(number, last, live.subList(from, to))); // or it hears less
      from = to;
    } while (from < live.size());
  }

  /** A peer has told what lives there. */
  void told(NodeId from, Live answer) {
    end(() -> surveys.told(from, answer));
  }

  void ended(NodeId peer) {
    end(() -> surveys.lost(peer));
  }

  void expire(long nowNanos) {
    end(() -> surveys.expired(nowNanos));
  }

  void close() {
    end(() -> {
      closed = true;
      return surveys.close();
    });
  }

  /** Returns how many questions are open. */
  int size() {
    return guard.locked(surveys::size);
  }

  private void end(Supplier<List<Runnable>> decision) {
    guard.locked(decision).forEach(afterwards);
  }
}
