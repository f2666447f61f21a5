package io.thole.launcher.dropin;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * The one thread on which bundles are installed, updated, refreshed and uninstalled: an update while a refresh runs fails
 * for want of the framework's lock.
 */
public final class BundleWorks implements AutoCloseable {
  private static final Logger LOG = System.getLogger(BundleWorks.class.getName());
  private static final long REFRESH_LIMIT_SECONDS = 60;
  private static final long CLOSE_LIMIT_SECONDS = 1; // of the 10 s for a graceful stop

  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "thole-bundles");
        thread.setDaemon(true);
        return thread;
      });

  /** Runs the work again and again, with a pause between; what it throws is logged and ends nothing. */
  public void repeat(Runnable work, long pauseMillis) {
    executor.scheduleWithFixedDelay(
        () -> {
          try {
            work.run();
          } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "a round of bundle work failed", e);
          }
        },
        pauseMillis,
        pauseMillis,
        TimeUnit.MILLISECONDS);
  }

  /** Wires bundles anew and waits until they are, because no other operation may run meanwhile. */
  public static void refresh(BundleContext context, Collection<Bundle> bundles) {
    CountDownLatch refreshed = new CountDownLatch(1);
    context.getBundle(0).adapt(FrameworkWiring.class).refreshBundles(bundles, event -> {
      if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
        refreshed.countDown();
      }
    });
    try {
      if (!refreshed.await(REFRESH_LIMIT_SECONDS, TimeUnit.SECONDS)) {
        LOG.log(Level.WARNING, "bundles were not refreshed within " + REFRESH_LIMIT_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Begins no more work, and waits a while for the current one. */
  @Override
  public void close() {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(CLOSE_LIMIT_SECONDS, TimeUnit.SECONDS)) {
        LOG.log(Level.WARNING, "a bundle operation does not end; going on without it");
        executor.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
