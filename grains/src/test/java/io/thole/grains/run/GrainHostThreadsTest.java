package io.thole.grains.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Account;
import io.thole.api.Authority;
import io.thole.api.ClusterView;
import io.thole.api.NodeId;
import io.thole.api.StartupMode;
import io.thole.api.grain.CallReport;
import io.thole.api.grain.CallReport.AppError;
import io.thole.api.grain.CallReport.Ok;
import io.thole.api.grain.Grain;
import io.thole.api.grain.GrainId;
import io.thole.api.grain.GrainKind;
import io.thole.core.run.PooledWorkers;
import io.thole.core.run.ThreadNodeLoop;
import io.thole.spi.Channel;
import io.thole.spi.ChannelHandler;
import io.thole.spi.Encodable;
import io.thole.spi.Peer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two nodes with real threads, whose links are a thread for each direction. */
class GrainHostThreadsTest {
  private static final int SENDERS = 20;
  private static final int CALLS = 500;
  private static final Duration LONG = Duration.ofSeconds(60);

  private final ThreadNode one = new ThreadNode(1);
  private final ThreadNode two = new ThreadNode(2);
  private final Map<String, AtomicInteger> last = new ConcurrentHashMap<>();
  private final AtomicInteger serving = new AtomicInteger();

  @AfterEach
  void close() {
    List.of(one, two).forEach(node -> {
      node.grains.stop();
      node.link.shutdown();
    });
  }

  @Test
  void keepsTheOrderOfEachSenderThatDoesNotWait() throws Exception { // K9, K11
    meet(kind("rec", (id, node) -> this::note));
    List<Thread> senders = new ArrayList<>();
    List<CompletableFuture<CallReport>> calls = Collections.synchronizedList(new ArrayList<>());
    for (int sender = 0; sender < SENDERS; sender++) {
      GrainHost grains = (sender % 2 == 0 ? one : two).grains;
      String name = "s" + sender + ":";
      Thread thread = new Thread(() -> {
        List<CompletableFuture<CallReport>> mine = new ArrayList<>();
        for (int i = 1; i <= CALLS; i++) {
          mine.add(grains
              .call(new GrainId("rec", "one"), (name + i).getBytes(UTF_8), LONG)
              .toCompletableFuture());
          if (mine.size() % 25 == 0) {
            mine.get(mine.size() - 1).join(); // 20 senders stay within the mailbox
          }
        }
        calls.addAll(mine);
      });
      senders.add(thread);
      thread.start();
    }
    for (Thread sender : senders) {
      sender.join();
    }

    assertEquals(SENDERS * CALLS, calls.size());
    calls.forEach(call -> assertInstanceOf(Ok.class, call.join()));
    last.values().forEach(count -> assertEquals(CALLS, count.get()));
    for (ThreadNode node : List.of(one, two)) {
      Account account = node.grains.accounts().get(0);
      assertEquals(SENDERS / 2 * CALLS, account.outcomes().get("ok"));
      assertTrue(account.balanced());
    }
  }

  @Test
  void aGrainMayWaitForAnotherAndIsToldOfACycle() { // K9
    meet(kind("wait", (id, node) -> request -> {
      String rest = new String(request, UTF_8);
      if (rest.isEmpty()) {
        return id.key().getBytes(UTF_8);
      }
      GrainId next = new GrainId("wait", rest.substring(0, 1));
      GrainHost here = (node.equals(one.id) ? one : two).grains;
      CallReport report = here.call(next, rest.substring(1).getBytes(UTF_8), LONG)
          .toCompletableFuture()
          .join();
      if (report instanceof Ok ok) {
        return (id.key() + new String(ok.reply(), UTF_8)).getBytes(UTF_8);
      }
      throw new IllegalStateException(report.toString());
    }));

    Ok ok = assertInstanceOf(Ok.class, call("a", "bcdefgh"));
    AppError cycle = assertInstanceOf(AppError.class, call("a", "bcdefa"));

    assertEquals("abcdefgh", new String(ok.reply(), UTF_8));
    assertTrue(
        cycle
            .message()
            .contains("wait/a -> wait/b -> wait/c -> wait/d -> wait/e -> wait/f -> wait/a"),
        cycle::message);
  }

  private CallReport call(String key, String text) {
    return one.grains
        .call(new GrainId("wait", key), text.getBytes(UTF_8), LONG)
        .toCompletableFuture()
        .join();
  }

  private byte[] note(byte[] request) {
    String[] parts = new String(request, UTF_8).split(":", -1);
    int number = Integer.parseInt(parts[1]);
    if (serving.incrementAndGet() != 1) {
      throw new IllegalStateException("two requests at once");
    }
    int before = last.computeIfAbsent(parts[0], sender -> new AtomicInteger()).getAndSet(number);
    serving.decrementAndGet();
    if (before + 1 != number) {
      throw new IllegalStateException(parts[0] + ": " + number + " after " + before);
    }
    return request;
  }

  private void meet(GrainKind kind) {
    one.open(two, kind);
    two.open(one, kind);
    one.handler.onBegun(two.id);
    two.handler.onBegun(one.id);
  }

  private static GrainKind kind(String name, BiFunction<GrainId, NodeId, Grain> activation) {
    return new GrainKind() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Grain activate(GrainId id, NodeId node) {
        return activation.apply(id, node);
      }
    };
  }

  /** A node; its link is the thread on which the other one hears it. */
  private static final class ThreadNode extends TestContext implements Channel {
    final GrainHost grains = new GrainHost();
    final ExecutorService link = Executors.newSingleThreadExecutor();
    ChannelHandler handler = (from, messages) -> {};
    private volatile ThreadNode peer = this;

    ThreadNode(int number) {
      this(number, new ThreadNodeLoop("loop-" + number));
    }

    private ThreadNode(int number, ThreadNodeLoop loop) {
      super(
          new NodeId(new Authority("127.0.0.1", 26_050 + number), 1),
          loop,
          new PooledWorkers("worker-" + number, loop));
    }

    void open(ThreadNode other, GrainKind kind) {
      peer = other;
      host(kind);
      kinds = List.of(kind.name());
      view = new ClusterView(1, List.of(id, other.id), List.of());
      peers = List.of(new Peer(other.id, StartupMode.MEMBER, kinds));
      grains.start(this);
    }

    @Override
    public Channel open(String name, ChannelHandler told) {
      handler = told;
      return this;
    }

    @Override
    public Sending send(NodeId node, Encodable message) {
      ByteBuffer bytes = ByteBuffer.allocate(message.encodedBytes());
      message.encode(bytes);
      link.execute(() -> peer.handler.onMessages(id, List.of(bytes.flip())));
      return Sending.SENT;
    }

    @Override
    public Sending reply(NodeId node, Encodable message) {
      return send(node, message);
    }

    @Override
    public Sending cast(NodeId node, Encodable message) {
      throw new AssertionError("what grains say must arrive");
    }

    @Override
    public void close() {}
  }
}
