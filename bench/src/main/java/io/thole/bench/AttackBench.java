package io.thole.bench;

import io.thole.api.Authority;
import io.thole.api.Cluster;
import io.thole.api.ClusterSettings;
import io.thole.api.pubsub.Message;
import io.thole.api.pubsub.PubSub;
import io.thole.api.pubsub.PublishReport;
import io.thole.api.pubsub.Topic;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A node in a small process, attacked by strangers and by a member that minds nothing, while healthy members exchange messages
 * through it. Whoever attacks is bounded in number and time, and knows the loopback alone.
 */
final class AttackBench {
  static final Topic THERE = new Topic("there");
  static final Topic BACK = new Topic("back");

  private static final long PAUSE_NANOS = 10_000_000; // between two messages of a healthy peer
  private static final long SECOND_NANOS = 1_000_000_000;
  private static final long CALM_NANOS = 2 * SECOND_NANOS;
  private static final long SILENCE_MILLIS = 5_000; // longer, and healthy peers do not go on

  /** Between two steps of an attacker: it is memory that is attacked, on a machine that all share. */
  private static final long STEP_NANOS = 2_000_000;

  private static final int HEALTHY_BYTES = 64;
  private static final long START_MILLIS = 60_000;
  private static final int STRANGERS = 200;
  private static final int HALF_FRAMES = 200;
  private static final int HALF_FRAME_THREADS = 8; // each is as slow as the victim reads
  private static final int STREAMS = 10_000;
  private static final int PLACES = 10; // of a stream: together as many as a peer may have

  private final AttackOptions options;
  private final Map<String, AtomicLong> attacks = new ConcurrentHashMap<>();
  private final Map<String, AtomicLong> reports = new ConcurrentHashMap<>();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong lastNanos = new AtomicLong();
  private final AtomicLong silenceNanos = new AtomicLong();
  private volatile boolean over;

  AttackBench(AttackOptions options) {
    this.options = options;
  }

  /** Returns how a node is set up: on a busy machine a start takes its time. */
  static ClusterSettings settings(List<Authority> seeds) {
    return TholeLane.settings(seeds).with("startTimeoutMillis", START_MILLIS);
  }

  /** Something that is done to the victim again and again. */
  @FunctionalInterface
  private interface Attack {
    void make(Authority victim, int number) throws IOException;
  }

  /**
   * Attacks.
   *
   * @throws IllegalStateException if more is resident than allowed, healthy peers were not served, or the node ended
   */
  AttackFigures run() {
    Logger.getLogger("").setLevel(Level.SEVERE); // hostile members come and go
    List<Cluster> healthy = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    Process process = start();
    try {
      Authority victim = ready(process);
      for (int i = 0; i < 2; i++) {
        Cluster cluster = TholeLane.factory().create(settings(List.of(victim)));
        healthy.add(cluster);
        cluster.start().toCompletableFuture().join();
        cluster.service(PubSub.class).subscribe(BACK, this::answer);
      }
      PubSub publisher = healthy.get(0).service(PubSub.class);
      threads.add(thread("healthy", () -> publish(publisher)));
      LockSupport.parkNanos(CALM_NANOS);
      silenceNanos.set(0);
      long calm = resident(process, "VmRSS");
      attack(victim, threads);
      List<Long> mebibytes = watch(process);
      return checked(new AttackFigures(
          options.seconds(),
          calm,
          mebibytes,
          resident(process, "VmHWM"),
          answered.get(),
          read(reports),
          silenceNanos.get() / 1_000_000,
          read(attacks)));
    } finally {
      over = true;
      threads.forEach(AttackBench::join);
      healthy.forEach(cluster -> cluster.shutdown(false).toCompletableFuture().join());
      process.destroyForcibly();
    }
  }

  private void attack(Authority victim, List<Thread> threads) {
    threads.add(attacker("strangers", victim, new Holders("strangers", STRANGERS, this::stranger)));
    for (int i = 0; i < HALF_FRAME_THREADS; i++) {
      int first = 1_000 * (i + 1);
      threads.add(attacker(
          "half frames",
          victim,
          new Holders("half frames", HALF_FRAMES / HALF_FRAME_THREADS, (to, number) -> {
            HostilePeer peer = HostilePeer.connect(to).welcomed(first + number).described();
            peer.halfFrame();
            return peer;
          })));
    }
    threads.add(attacker("hostile streams", victim, this::streams));
    threads.add(attacker("hostile publishes", victim, this::publishes));
  }

  /** Keeps connections open that somebody has begun, so many at most. */
  private final class Holders implements Attack {
    private final String name;
    private final int most;
    private final Begun begun;
    private final Deque<HostilePeer> held = new ArrayDeque<>();

    Holders(String name, int most, Begun begun) {
      this.name = name;
      this.most = most;
      this.begun = begun;
    }

    @Override
    public void make(Authority victim, int number) throws IOException {
      if (held.size() >= most) {
        held.remove().close();
      }
      held.add(begun.begin(victim, number));
      attacks.computeIfAbsent(name + " made", any -> new AtomicLong()).incrementAndGet();
    }
  }

  @FunctionalInterface
  private interface Begun {
    HostilePeer begin(Authority victim, int number) throws IOException;
  }

  private HostilePeer stranger(Authority victim, int number) throws IOException {
    HostilePeer peer = HostilePeer.connect(victim);
    byte[] hello = HostilePeer.hello(number);
    switch (number % 3) {
      case 0 -> peer.raw("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      case 1 -> peer.raw(new byte[] {1, 1, 0, 0, 0, (byte) hello.length, 5}); // and no more
      default -> {} // silent
    }
    return peer;
  }

  /** Subscribes to all that it may, opens all streams that it may, and sends without credit; reads nothing. */
  private void streams(Authority victim, int number) throws IOException {
    try (HostilePeer peer = HostilePeer.connect(victim).welcomed(number).subscriber(THERE.name())) {
      peer.subscribe(20_000, "s" + number);
      for (int stream = 0; stream < STREAMS + 100 && !over; stream++) {
        peer.stream(stream, THERE.name(), PLACES);
      }
      count("streams opened", STREAMS + 100);
      for (int i = 0; !over; i++) {
        peer.items(i % STREAMS, i % 3 == 0 ? 1_000 : 1, i % 3 == 0 ? 1 : 1_000_000);
        count("items sent", i % 3 == 0 ? 1_000 : 1);
        LockSupport.parkNanos(STEP_NANOS);
      }
    }
  }

  /** Publishes to as many places as a message may have, all but one of which are not there; reads nothing. */
  private void publishes(Authority victim, int number) throws IOException {
    try (HostilePeer peer =
        HostilePeer.connect(victim).welcomed(500 + number).subscriber(THERE.name())) {
      for (long i = 0; !over; i++) {
        peer.publish(i, 4_096, i % 2 == 0 ? 0 : 1 << 20);
        count("publishes sent", 1);
        LockSupport.parkNanos(STEP_NANOS);
      }
    }
  }

  private Thread attacker(String name, Authority victim, Attack attack) {
    return thread(name, () -> {
      for (int number = 0; !over; number++) {
        try {
          attack.make(victim, number);
          LockSupport.parkNanos(STEP_NANOS);
        } catch (IOException e) {
          count(name + " cut off", 1);
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
    });
  }

  private void count(String what, long many) {
    attacks.computeIfAbsent(what, any -> new AtomicLong()).addAndGet(many);
  }

  private void publish(PubSub publisher) {
    byte[] payload = new byte[HEALTHY_BYTES];
    for (long i = 0; !over; i++) {
      ByteBuffer.wrap(payload).putLong(i);
      publisher.publish(THERE, payload).whenComplete((report, refused) -> note(report));
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private void note(PublishReport report) {
    if (report == null) {
      reports.computeIfAbsent("refused", any -> new AtomicLong()).incrementAndGet();
    } else {
      report
          .outcomes()
          .forEach((outcome, targets) ->
              reports.computeIfAbsent(outcome.name(), any -> new AtomicLong()).addAndGet(targets));
    }
  }

  private void answer(Message message) {
    if (message.payload().remaining() != HEALTHY_BYTES) {
      return; // it passes on what attackers say as well
    }
    answered.incrementAndGet();
    long nowNanos = System.nanoTime();
    long before = lastNanos.getAndSet(nowNanos);
    if (before != 0) {
      silenceNanos.accumulateAndGet(nowNanos - before, Math::max);
    }
  }

  private List<Long> watch(Process process) {
    List<Long> mebibytes = new ArrayList<>();
    long beganNanos = System.nanoTime();
    while (System.nanoTime() - beganNanos < options.seconds() * SECOND_NANOS) {
      LockSupport.parkNanos(SECOND_NANOS);
      if (!process.isAlive()) {
        throw new IllegalStateException("the node has ended, exit " + process.exitValue()
            + ", after " + (System.nanoTime() - beganNanos) / SECOND_NANOS + " s of "
            + read(attacks)
            + "; resident were " + mebibytes + " MiB");
      }
      mebibytes.add(resident(process, "VmRSS"));
    }
    silenceNanos.accumulateAndGet(System.nanoTime() - lastNanos.get(), Math::max);
    return mebibytes;
  }

  private AttackFigures checked(AttackFigures figures) {
    if (figures.peakMebibytes() > options.limit()) {
      throw new IllegalStateException("resident were " + figures.peakMebibytes() + " MiB; allowed: "
          + options.limit() + "; " + figures);
    }
    if (figures.silenceMillis() > SILENCE_MILLIS) {
      throw new IllegalStateException("healthy peers heard nothing for " + figures.silenceMillis()
          + " ms; allowed: " + SILENCE_MILLIS + "; " + figures);
    }
    return figures;
  }

  private Process start() {
    List<String> command = List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-Xms16m",
        "-Xmx" + options.mebibytes() + "m",
        "-Xss512k",
        "-XX:+ExitOnOutOfMemoryError",
        "-cp",
        System.getProperty("java.class.path"),
        AttackSide.class.getName());
    try {
      return new ProcessBuilder(command)
          .redirectError(ProcessBuilder.Redirect.DISCARD) // thousands are refused, and it says so
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start a node: " + command, e);
    }
  }

  private static Authority ready(Process process) {
    try {
      BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
      String line = lines.readLine();
      while (line != null && !line.startsWith(AttackSide.READY)) {
        line = lines.readLine();
      }
      if (line == null) {
        throw new IllegalStateException("the node has ended before it was ready");
      }
      return Authority.parse(line.substring(AttackSide.READY.length()));
    } catch (IOException e) {
      throw new UncheckedIOException("the node cannot be heard", e);
    }
  }

  /** Returns what the kernel says of a process, in mebibytes. */
  private static long resident(Process process, String key) {
    try (var lines = Files.lines(Path.of("/proc", String.valueOf(process.pid()), "status"))) {
      return lines
          .filter(line -> line.startsWith(key + ":"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0; // it has just ended, or this kernel does not say
    }
  }

  private static Map<String, Long> read(Map<String, AtomicLong> counts) {
    Map<String, Long> read = new TreeMap<>();
    counts.forEach((name, count) -> read.put(name, count.get()));
    return read;
  }

  private static Thread thread(String name, Runnable work) {
    Thread thread = new Thread(work, "attack " + name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void join(Thread thread) {
    try {
      thread.join(1_000); // one that writes to a socket ends with the victim
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
