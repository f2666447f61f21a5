package io.thole.pubsub;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What brokers say to each other while messages flow, written and read; here, where that is visible. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PeerMessageBenchmark {
  private static final int ITEMS = 64;
  private static final int ITEM_BYTES = 100;

  private final PeerMessage published =
      new PeerMessage.Published(7, new long[] {3}, new int[] {0}, new byte[ITEM_BYTES]);
  private final PeerMessage progressed =
      new PeerMessage.Progressed(1, 3, 1_000, 100_000, new Credit(256, 256 << 10), List.of());
  private final ByteBuffer target = ByteBuffer.allocateDirect(64 << 10);
  private final ByteBuffer publishedBytes = bytes(published);
  private final ByteBuffer progressedBytes = bytes(progressed);
  private final ByteBuffer streamedBytes = bytes(new PeerMessage.Streamed(1, items(), ITEMS));

  private static ByteBuffer items() {
    ByteBuffer items = ByteBuffer.allocate(ITEMS * (PeerMessage.Streamed.ITEM_BYTES + ITEM_BYTES));
    while (items.hasRemaining()) {
      items.putInt(ITEM_BYTES).put(new byte[ITEM_BYTES]);
    }
    return items.flip();
  }

  private static ByteBuffer bytes(PeerMessage message) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(message.encodedBytes());
    message.encode(bytes);
    return bytes.flip();
  }

  /** A single message of 100 bytes for one target. */
  @Benchmark
  public ByteBuffer writesPublished() {
    return written(published);
  }

  /** The same, which copies the payload out of the frame. */
  @Benchmark
  public PeerMessage readsPublished() {
    return read(publishedBytes);
  }

  /** A message with 64 items of a stream, 100 bytes each: looked through, and left where they lie. */
  @Benchmark
  public PeerMessage readsStreamedOf64() {
    return read(streamedBytes);
  }

  /** How far a subscription is. */
  @Benchmark
  public ByteBuffer writesProgressed() {
    return written(progressed);
  }

  /** The same. */
  @Benchmark
  public PeerMessage readsProgressed() {
    return read(progressedBytes);
  }

  private ByteBuffer written(PeerMessage message) {
    message.encode(target.clear().limit(message.encodedBytes()));
    return target;
  }

  private static PeerMessage read(ByteBuffer bytes) {
    return PeerMessage.decode(bytes.rewind()).orElseThrow();
  }
}
