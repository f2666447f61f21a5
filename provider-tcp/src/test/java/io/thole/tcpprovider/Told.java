package io.thole.tcpprovider;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.spi.TransportHandler;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Writes down what a transport tells. */
final class Told implements TransportHandler {
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final AtomicInteger drains = new AtomicInteger();

  /** Takes what was told next, and waits for it. */
  String next() throws InterruptedException {
    String next = told.poll(20, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing was told within 20 s");
    }
    return next;
  }

  /** Returns what was told and not taken. */
  List<String> rest() {
    return List.copyOf(told);
  }

  @Override
  public void onUp(NodeId peer) {
    told.add("up " + peer);
  }

  @Override
  public void onLost(NodeId peer, boolean announced, String reason) {
    told.add("lost " + peer + " " + announced + ": " + reason);
  }

  @Override
  public void onRefused(Authority peer, boolean nobodyListens, String reason) {
    told.add("refused " + peer + ": " + reason);
  }

  /** Returns how often all was given to the operating system. */
  int drains() {
    return drains.get();
  }

  @Override
  public void onDrained(NodeId peer) {
    drains.incrementAndGet();
  }

  @Override
  public void onFrames(NodeId peer, List<ByteBuffer> frames) {
    frames.forEach(frame -> told.add("frame of " + frame.remaining()));
  }
}
