package io.thole.container.flood;

import io.thole.api.pubsub.Message;
import io.thole.api.pubsub.PubSub;
import io.thole.api.pubsub.Publisher;
import io.thole.api.pubsub.PublisherReport;
import io.thole.api.pubsub.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Publishes a stream of numbered messages once so many subscribe, and checks those of all; writes what it knows into the file {@code
 * flood} of its node's home, ten times a second.
 */
@Component(
    service = {},
    immediate = true)
public final class FloodComponent {
  private static final Topic FLOOD = new Topic("flood");
  private static final int BYTES = 64;

  /** After so many messages a slow handler rests for as long as they should have taken. */
  private static final int REST_EACH = 1_024;

  private final PubSub pubSub;
  private final Path home;
  private final int publishes;
  private final int count;
  private final int subscribers;
  private final long restNanos;
  private final Map<String, FloodCheck> checks = new ConcurrentHashMap<>();
  private final Thread publishing = new Thread(this::publish, "flood");
  private final Thread telling = new Thread(this::tell, "flood-tells");
  private long handled; // the handler's own
  private volatile long published;
  private volatile String settled = "";
  private volatile boolean over;

  /** Begins. */
  @Activate
  public FloodComponent(BundleContext bundle, @Reference PubSub pubSub) {
    this.pubSub = pubSub;
    home = Path.of(String.valueOf(bundle.getProperty("io.thole.home")));
    Dictionary<String, String> headers = bundle.getBundle().getHeaders();
    count = Integer.parseInt(headers.get("Fixture-Count"));
    publishes = Boolean.parseBoolean(headers.get("Fixture-Publishes")) ? count : 0;
    subscribers = Integer.parseInt(headers.get("Fixture-Subscribers"));
    restNanos = REST_EACH * Long.parseLong(headers.get("Fixture-Nanos-Each"));
    pubSub.subscribe(FLOOD, this::on);
    publishing.start();
    telling.start();
  }

  @Deactivate
  void end() {
    over = true;
    publishing.interrupt();
    telling.interrupt();
  }

  private void on(Message message) {
    checks
        .computeIfAbsent(message.publisher().authority().toString(), node -> new FloodCheck(count))
        .take(message.payload().getLong());
    if (restNanos > 0 && ++handled % REST_EACH == 0) {
      LockSupport.parkNanos(restNanos);
    }
  }

  private void publish() {
    ByteBuffer payload = ByteBuffer.allocate(BYTES);
    while (!over && reached() < subscribers) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    try (Publisher publisher = pubSub.publisher(FLOOD)) {
      for (int number = 1; number <= publishes && !over; number++) {
        publisher.publish(payload.putLong(0, number).array());
        published = number;
      }
      PublisherReport report = publisher.settled().toCompletableFuture().join();
      settled = "published=" + report.published() + " targets=" + report.targets() + " open="
          + report.open() + " outcomes=" + report.outcomes();
    } catch (RuntimeException e) {
      settled = String.valueOf(e);
    }
  }

  private int reached() {
    return pubSub.topics().stream()
        .filter(status -> status.topic().equals(FLOOD))
        .mapToInt(status -> status.subscribers())
        .sum();
  }

  private void tell() {
    while (!over) {
      List<String> lines = new ArrayList<>();
      lines.add("published " + published);
      new TreeMap<>(checks)
          .forEach((node, check) -> lines.add("of " + node + " " + check.verdict()));
      if (!settled.isEmpty()) {
        lines.add("settled " + settled);
      }
      try {
        Path whole = Files.write(home.resolve("flood.next"), lines);
        Files.move(whole, home.resolve("flood"), StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }
}
