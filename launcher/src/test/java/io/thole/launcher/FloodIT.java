package io.thole.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.container.FixtureBundle;
import io.thole.container.flood.FloodCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A flood of messages between three processes: two publish in streams, all three subscribe, one of them slowly, while connections are
 * reset in mid-frame and the transport's bundle is updated. {@code -Dthole.messages=10000000} makes more of them, {@code
 * -Dthole.updates=3} updates more often.
 */
class FloodIT {
  private static final int MESSAGES = Integer.getInteger("thole.messages", 400_000);
  private static final int UPDATES = Integer.getInteger("thole.updates", 1);
  private static final int RESET_MILLIS = Integer.getInteger("thole.resetMillis", 200);

  /** How long the slow one takes for a message: everything waits for it. */
  private static final int SLOW_NANOS = Integer.getInteger("thole.slowNanos", 5_000);

  private static final int EACH = MESSAGES / 2;
  private static final String CORE = "io.thole.core";
  private static final String TCP = "io.thole.tcpprovider";
  private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(30);
  private static final List<String> NAMES = List.of("a", "b", "c");

  @TempDir
  private Path homes;

  private final Map<String, ResettingProxy> proxies = new LinkedHashMap<>();
  private final Map<String, Thole> processes = new LinkedHashMap<>();
  private Nodes nodes;

  @BeforeEach
  void start() throws Exception {
    nodes = new Nodes(homes);
    for (String name : NAMES) {
      proxies.put(name, new ResettingProxy());
      flood(name, !name.equals("c"), name.equals("c") ? SLOW_NANOS : 0);
    }
    nodes.drop("b", TCP);
    run("phase-2", "a");
    run("phase-2", "c", "--seed", address("a"));
    run(
        "phase-1",
        "b",
        "--member",
        address("a"),
        "--member",
        address("c"),
        "--set",
        CORE + ":seeds=" + address("a"),
        "--set",
        CORE + ":startWhen=provider,transport,pubsub");
    Nodes.awaitAgreement(List.copyOf(processes.values()));
  }

  @AfterEach
  void stop() throws Exception {
    nodes.close();
    for (ResettingProxy proxy : proxies.values()) {
      proxy.close();
    }
  }

  @Test // O2, O5, O6, P3, P4, P5
  void losesNothingThoughConnectionsAreResetAndTheTransportIsUpdated() throws Exception {
    long beganNanos = System.nanoTime();
    int updates = 0;
    while (!settled("a") || !settled("b")) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(RESET_MILLIS));
      for (ResettingProxy proxy : proxies.values()) {
        proxy.reset();
      }
      if (updates < UPDATES && published("a") > (long) EACH * (updates + 1) / (UPDATES + 1)) {
        updates++;
        nodes.drop("b", TCP);
      }
      assertTrue(System.nanoTime() - beganNanos < LIMIT_NANOS, this::told);
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos);

    tell(millis);
    for (String name : NAMES) {
      for (String publisher : List.of("a", "b")) {
        String line = line(name, "of " + address(publisher) + " ");
        assertEquals(FloodCheck.clean(EACH), line, () -> name + "\n" + told());
      }
    }
    for (String name : List.of("a", "b")) {
      long targets = 3L * EACH;
      assertEquals(
          "published=" + EACH + " targets=" + targets + " open=0 outcomes={DELIVERED=" + targets
              + "}",
          line(name, "settled "));
      Nodes.awaitAnswer(
          process(name),
          "accounts --json",
          ".*\"topic flood\",\"attempts\":" + EACH + ",\"accepted\":" + EACH
              + ",\"refused\":0,\"targets\":" + targets + ",[^\n]*\"delivered\":" + targets
              + "[,}][^\n]*\"open\":0,\"balanced\":true}\n.*");
    }
    assertEquals(
        UPDATES,
        process("b").err().stream()
            .filter(line -> line.matches(".* drop-in " + TCP + "\\.jar updated: .*"))
            .count());
    assertTrue(resets() > 0, "no connection was reset");
    for (Thole process : processes.values()) {
      assertTrue(
          Nodes.changes(process).stream().allMatch(change -> change.endsWith(" left=[]")),
          process::toString);
    }
  }

  private void tell(long millis) {
    System.out.println(MESSAGES + " messages, " + 3L * MESSAGES + " deliveries in " + millis
        + " ms, with " + resets() + " connections reset and " + UPDATES
        + " updates of the transport\n" + told());
  }

  private long resets() {
    return proxies.values().stream().mapToLong(ResettingProxy::resets).sum();
  }

  private void flood(String name, boolean publishes, int nanosEach) throws Exception {
    Path jar = FixtureBundle.flood(publishes, EACH, NAMES.size(), nanosEach).in(homes);
    nodes.dropIn(name, jar);
  }

  private void run(String phase, String name, String... options) throws IOException {
    ResettingProxy proxy = Objects.requireNonNull(proxies.get(name));
    List<String> all =
        new ArrayList<>(List.of("--bind", proxy.bind(), "--advertise", proxy.address()));
    all.addAll(List.of(options));
    Thole process = nodes.start(phase, name, all.toArray(String[]::new));
    processes.put(name, process);
    Nodes.address(process);
  }

  private String address(String name) {
    return Objects.requireNonNull(proxies.get(name)).address();
  }

  private Thole process(String name) {
    return Objects.requireNonNull(processes.get(name));
  }

  private boolean settled(String name) throws IOException {
    return !line(name, "settled ").isEmpty();
  }

  private long published(String name) throws IOException {
    String line = line(name, "published ");
    return line.isEmpty() ? 0 : Long.parseLong(line);
  }

  /** Returns the rest of a line of what a node has told; nothing if it has not. */
  private String line(String name, String begins) throws IOException {
    Path told = nodes.home(name).resolve("flood");
    return (Files.exists(told) ? Files.readAllLines(told) : List.<String>of())
        .stream()
            .filter(line -> line.startsWith(begins))
            .map(line -> line.substring(begins.length()))
            .findFirst()
            .orElse("");
  }

  /** What explains, where something was lost, who was taken for lost, and when. */
  private static boolean isNews(String line) {
    return line.matches(
        ".*(TopologyUpdated|MemberSuspected|MemberFailed|ProviderSwap|makes no sense|drop-in).*");
  }

  private String told() {
    StringBuilder all = new StringBuilder();
    for (String name : NAMES) {
      try {
        Path told = nodes.home(name).resolve("flood");
        all.append(name).append(": ");
        all.append(Files.exists(told) ? Files.readString(told) : "nothing\n");
        Thole process = processes.get(name);
        if (process != null) {
          process.err().stream()
              .filter(FloodIT::isNews)
              .forEach(line -> all.append("  ").append(line).append('\n'));
        }
      } catch (IOException e) {
        all.append(e).append('\n');
      }
    }
    return all.toString();
  }
}
