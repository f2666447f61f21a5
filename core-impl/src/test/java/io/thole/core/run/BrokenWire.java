package io.thole.core.run;

import static java.util.Objects.requireNonNull;

import io.thole.api.Authority;
import io.thole.api.BindAddress;
import io.thole.api.NodeId;
import io.thole.spi.Introduction;
import io.thole.spi.Transport;
import io.thole.spi.TransportHandler;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A connection between two link ports that breaks when it likes: what is under way then is lost, on either side. */
final class BrokenWire {
  private final Random random;
  private final End a;
  private final End b;
  private boolean standing;
  private boolean drains;

  BrokenWire(Random random, NodeId first, NodeId second) {
    this.random = random;
    a = new End(second);
    b = new End(first);
    a.other = b;
    b.other = a;
  }

  Transport first() {
    return a;
  }

  Transport second() {
    return b;
  }

  void connect() {
    if (!standing) {
      standing = true;
      a.up();
      b.up();
    }
  }

  /** Loses what is under way; each side hears of it. */
  void cut() {
    if (standing) {
      standing = false;
      a.lose();
      b.lose();
    }
  }

  /** Returns how often the first end was asked for its thread, which has not come yet. */
  int timesAsked() {
    return a.asked;
  }

  /** Returns how many frames of the first end are under way. */
  int framesUnderWay() {
    return a.underway.size();
  }

  /** Has a transport's thread come to those who asked for it, if it can be asked. */
  void drainAll() {
    a.drain();
    b.drain();
  }

  /** Whether its ends can be asked for their threads from now on. */
  void canDrainSoon(boolean can) {
    drains = can;
  }

  boolean isCut() {
    return !standing;
  }

  /** Delivers some of what is under way, frame by frame or several at once. */
  void deliverSome() {
    (random.nextBoolean() ? a : b).deliver(1 + random.nextInt(3));
  }

  void deliverAll() {
    while (!a.underway.isEmpty() || !b.underway.isEmpty()) {
      deliverSome();
    }
  }

  /** One end: where a port hands in its frames. */
  private final class End implements Transport {
    final NodeId peer;
    final ArrayDeque<ByteBuffer> underway = new ArrayDeque<>();

    private @Nullable End other;

    private @Nullable TransportHandler handler;

    int asked;

    End(NodeId peer) {
      this.peer = peer;
    }

    private TransportHandler handler() {
      return requireNonNull(handler);
    }

    void up() {
      underway.clear();
      handler().onUp(peer);
    }

    void lose() {
      underway.clear();
      asked = 0;
      handler().onLost(peer, false, "the wire broke");
    }

    void deliver(int most) {
      if (underway.isEmpty() || !standing) {
        return;
      }
      ArrayList<ByteBuffer> frames = new ArrayList<>();
      while (frames.size() < most && !underway.isEmpty()) {
        frames.add(underway.remove());
      }
      requireNonNull(other).handler().onFrames(requireNonNull(other).peer, List.copyOf(frames));
      if (underway.isEmpty() && standing) {
        handler().onDrained(peer);
      }
    }

    @Override
    public String name() {
      return "broken wire";
    }

    @Override
    public Authority bind(BindAddress bind, Introduction self, TransportHandler told) {
      handler = told;
      return bind.authority();
    }

    @Override
    public void dial(Authority address) {}

    @Override
    public boolean send(NodeId to, ByteBuffer frame) {
      if (!standing) {
        return false;
      }
      ByteBuffer copy = ByteBuffer.allocate(frame.remaining());
      underway.add(copy.put(frame.duplicate()).flip());
      return true;
    }

    @Override
    public boolean drainSoon(NodeId to) {
      asked += standing && drains ? 1 : 0;
      return standing && drains;
    }

    void drain() {
      if (asked > 0 && underway.isEmpty()) {
        asked = 0;
        handler().onDrained(peer);
      }
    }

    @Override
    public void disconnect(NodeId who) {
      cut();
    }

    @Override
    public void unbind(boolean announced) {}
  }
}
