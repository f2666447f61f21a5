package io.thole.grains.run;

import io.thole.api.NodeId;
import io.thole.grains.GrainMessage;
import io.thole.grains.GrainMessage.Reply;
import io.thole.grains.GrainRequest;
import io.thole.spi.Channel.Sending;
import java.util.ArrayList;
import java.util.List;

/** What peers are told of the calls that they made here; also what there is no room for yet. Any thread. */
final class Answers {
  /** How many bytes of answers may wait for peers that do not read: as much as a link keeps of its own, twice. */
  private static final long WAITING_BYTES = 16 << 20;

  /** What an answer costs beside its bytes: many small ones are much. */
  private static final int OVERHEAD_BYTES = 128;

  private final LateChannel channel;
  private final Runnable tend;
  private final Guard guard = new Guard();
  private List<Waiting> waiting = new ArrayList<>(); // these under it
  private long waitingBytes;
  private long unsaid;
  private boolean closed;

  /** What could not be told yet: the peer's room for answers is full. */
  private record Waiting(NodeId caller, long deadlineNanos, GrainMessage message) {
    int bytes() {
      return OVERHEAD_BYTES + message.encodedBytes();
    }
  }

  /**
   * Makes one who owes nothing.
   *
   * @param tend is told that {@link #again} has something to do
   */
  Answers(LateChannel channel, Runnable tend) {
    this.channel = channel;
    this.tend = tend;
  }

  /** Tells a peer. Where the session has ended it has been told so, and does not wait. */
  void give(GrainRequest request, GrainMessage message) {
    if (channel.reply(request.caller(), message) == Sending.NO_CREDIT) {
      keep(request, message);
    }
  }

  /** Tells a peer together with what follows. */
  void hold(GrainRequest request, GrainMessage message) {
    if (channel.hold(request.caller(), message) == Sending.NO_CREDIT) {
      keep(request, message);
    }
  }

  private void keep(GrainRequest request, GrainMessage message) {
    GrainMessage own = message instanceof Reply reply // whose bytes are the grain's
        ? new Reply(reply.call(), reply.payload().clone())
        : message;
    keep(new Waiting(request.caller(), request.deadlineNanos(), own));
  }

  private void keep(Waiting answer) {
    guard.locked(() -> {
      if (closed || waitingBytes + answer.bytes() > WAITING_BYTES) {
        unsaid++; // the caller hears nothing, and says so at its deadline
        return false;
      }
      waitingBytes += answer.bytes();
      return waiting.add(answer);
    });
    tend.run();
  }

  /** Tells what could not be told, unless nobody waits for it any more. */
  void again(long nowNanos) {
    List<Waiting> taken = guard.locked(() -> {
      List<Waiting> all = waiting;
      waiting = new ArrayList<>();
      waitingBytes = 0;
      return all;
    });
    for (Waiting answer : taken) {
      if (answer.deadlineNanos() - nowNanos > 0
          && channel.reply(answer.caller(), answer.message()) == Sending.NO_CREDIT) {
        keep(answer);
      }
    }
  }

  boolean isEmpty() {
    return guard.locked(() -> waiting.isEmpty());
  }

  /** Keeps nothing more. */
  void close() {
    guard.locked(() -> closed = true);
  }

  /** Returns how many outcomes their callers could not be told. */
  long unsaid() {
    return guard.locked(() -> unsaid);
  }
}
