package io.thole.bench.micro;

import io.thole.core.link.LinkFrame;
import io.thole.core.link.LinkSender;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Frames of a link: how long it takes to read a batch, and to make and read a cast. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LinkFrameBenchmark {
  private static final int MESSAGES = 64;
  private static final Bytes MESSAGE = new Bytes(new byte[100]);

  private final Counting counting = new Counting();
  private @Nullable ByteBuffer batch;

  /** Has a sender write a batch. */
  @Setup
  public void write() {
    LinkSender sender = new LinkSender(1, new Plenty());
    sender.onConnected(frame -> true);
    sender.onOpen(1, 0);
    for (int i = 0; i < MESSAGES; i++) {
      sender.offer(7, MESSAGE, LinkSender.SEND_LIMIT);
    }
    sender.pump(frame -> {
      batch = ByteBuffer.allocateDirect(frame.remaining()).put(frame).flip();
      return true;
    });
  }

  /** One operation is one of its messages. */
  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public long readsABatch() {
    return read(Objects.requireNonNull(batch).rewind());
  }

  /** One operation is one message outside the sequence, made and read. */
  @Benchmark
  public long castsAndReads() {
    return read(LinkFrame.cast(7, MESSAGE));
  }

  private long read(ByteBuffer frame) {
    if (!LinkFrame.read(frame, counting)) {
      throw new IllegalStateException("a frame makes no sense");
    }
    return counting.bytes;
  }

  private static final class Counting implements LinkFrame.Reader {
    long bytes;

    @Override
    public void onOpen(long link, long known, long received) {}

    @Override
    public void onAck(long link, long sequence) {}

    @Override
    public boolean onMessage(long link, long sequence, int channel, ByteBuffer message) {
      bytes += message.remaining();
      return true;
    }

    @Override
    public boolean onCast(int channel, ByteBuffer message) {
      bytes += message.remaining();
      return true;
    }

    @Override
    public void onRefused(String reason) {}
  }
}
