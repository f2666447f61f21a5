package io.thole.launcher.log;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;
import org.osgi.service.log.LogListener;
import org.osgi.service.log.LogReaderService;
import org.osgi.util.tracker.ServiceTracker;

/** Brings what bundles tell the LogService into the launcher's log: without it the errors of SCR are invisible. */
public final class LogBridge extends ServiceTracker<LogReaderService, LogListener> {
  public LogBridge(BundleContext context) {
    super(context, LogReaderService.class, null);
  }

  @Override
  public LogListener addingService(ServiceReference<LogReaderService> reference) {
    LogListener listener = this::log;
    context.getService(reference).addLogListener(listener);
    return listener;
  }

  @Override
  public void removedService(ServiceReference<LogReaderService> reference, LogListener listener) {
    context.ungetService(reference);
  }

  private void log(LogEntry entry) {
    String name = entry.getBundle() == null ? "osgi" : entry.getBundle().getSymbolicName();
    Logger log = System.getLogger(String.valueOf(name));
    boolean event = String.valueOf(entry.getLoggerName())
        .startsWith("Events."); // heard from the framework itself
    if (!event) {
      log.log(
          late(entry) ? Level.DEBUG : level(entry.getLogLevel()),
          entry.getMessage(),
          entry.getException());
    }
  }

  /** Felix's Event Admin complains that it was interrupted when the framework stops it, which is what stopping is. */
  private boolean late(LogEntry entry) {
    return entry.getBundle() != null
        && "org.apache.felix.eventadmin".equals(entry.getBundle().getSymbolicName())
        && context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() == Bundle.STOPPING;
  }

  private static Level level(LogLevel level) {
    return switch (level) {
      case AUDIT, INFO -> Level.INFO;
      case ERROR -> Level.ERROR;
      case WARN -> Level.WARNING;
      case DEBUG, TRACE -> Level.DEBUG;
    };
  }
}
