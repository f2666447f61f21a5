package io.thole.load;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;

/**
 * Holds the journal of this bundle: it is opened when it is first written, and followed by another one when another file is
 * configured. For the other components of this bundle, in which it outlives them.
 */
@Component(service = JournalComponent.class, configurationPid = LoadSettings.PID)
public final class JournalComponent {
  /** How long a journal that ends waits for what is open: as long as handlers get to end. */
  static final Duration SETTLE_LIMIT = Duration.ofSeconds(2);

  private static final Logger LOG = System.getLogger(JournalComponent.class.getName());

  private final Path home;
  private final AtomicLong places = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  private String file;
  private volatile boolean wanted;
  private volatile @Nullable Journal journal;

  /** Nothing that can fail happens here: the file is opened when there is something to write. */
  @Activate
  public JournalComponent(BundleContext bundle, Map<String, Object> settings) {
    this(Path.of(Objects.requireNonNullElse(bundle.getProperty("io.thole.home"), "")), settings);
  }

  JournalComponent(Path home, Map<String, Object> settings) {
    this.home = home;
    file = file(settings);
    wanted = !file.isEmpty();
  }

  @Modified
  void modified(Map<String, Object> settings) {
    follow(file(settings));
  }

  @Deactivate
  void deactivate() {
    follow("");
  }

  /** Returns the journal; empty where none is configured, or it cannot be opened, which is said once. */
  Optional<Journal> current() {
    Journal current = journal;
    return current != null || !wanted ? Optional.ofNullable(current) : open();
  }

  /** Returns the name of the next subscription or activation: unlike any other. */
  String place(String name) {
    return name + "#" + places.incrementAndGet();
  }

  /** Writes a note, where there is a journal. */
  void noted(String text) {
    current().ifPresent(present -> present.noted(text));
  }

  /** Writes that a handler or a grain ran, in whichever journal is the current one. */
  void handled(String scope, LoadMessage what, String publisher, String node, String place) {
    Optional<Journal> current = current();
    while (current.isPresent() && !current.get().handled(scope, what, publisher, node, place)) {
      current = current(); // that one was closed meanwhile
    }
  }

  private Optional<Journal> open() {
    lock.lock();
    try {
      if (journal == null && wanted) {
        journal = new Journal(home.resolve(file));
      }
    } catch (IOException | RuntimeException e) {
      wanted = false;
      LOG.log(Level.WARNING, "idle: the journal " + home.resolve(file) + " cannot be opened", e);
    } finally {
      lock.unlock();
    }
    return Optional.ofNullable(journal);
  }

  private void follow(String next) {
    Journal last;
    lock.lock();
    try {
      if (next.equals(file) && !next.isEmpty()) {
        return;
      }
      last = journal;
      journal = null;
      file = next;
      wanted = !next.isEmpty();
    } finally {
      lock.unlock();
    }
    if (last != null) {
      last.awaitSettled(SETTLE_LIMIT);
      last.close();
    }
  }

  private static String file(Map<String, Object> settings) {
    return settings.getOrDefault("journal", "").toString();
  }
}
