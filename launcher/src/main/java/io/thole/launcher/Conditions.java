package io.thole.launcher;

import io.thole.launcher.Occurrence.ConsoleEnded;
import io.thole.launcher.Occurrence.Failed;
import io.thole.launcher.Occurrence.Misconfigured;
import io.thole.launcher.Occurrence.Ready;
import io.thole.launcher.exit.Exit;
import java.util.List;
import java.util.function.Consumer;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.condition.Condition;
import org.osgi.util.tracker.ServiceTracker;

/** Hears the conditions through which core and shell speak to the launcher. */
final class Conditions extends ServiceTracker<Condition, ServiceReference<Condition>> {
  /** Registered by the launcher when the console may begin. */
  static final String CONSOLE_OPEN = "io.thole.console.open";

  private static final String READY = "io.thole.ready";
  private static final String FAILED = "io.thole.failed";
  private static final String REFUSED = "io.thole.refused";
  private static final String CONSOLE_ENDED = "io.thole.console.ended";
  private static final String FILTER =
      "(&(objectClass=" + Condition.class.getName() + ")(|(" + Condition.CONDITION_ID
          + "=" + READY + ")(" + Condition.CONDITION_ID + "=" + FAILED + ")("
          + Condition.CONDITION_ID + "=" + REFUSED + ")("
          + Condition.CONDITION_ID + "="
          + CONSOLE_ENDED + ")))";

  private final Consumer<Occurrence> listener;

  Conditions(BundleContext context, Consumer<Occurrence> listener) {
    super(context, filter(), null);
    this.listener = listener;
  }

  private static org.osgi.framework.Filter filter() {
    try {
      return FrameworkUtil.createFilter(FILTER);
    } catch (InvalidSyntaxException e) {
      throw new AssertionError(FILTER, e);
    }
  }

  @Override
  public ServiceReference<Condition> addingService(ServiceReference<Condition> condition) {
    listener.accept(
        switch (text(condition, Condition.CONDITION_ID)) {
          case READY ->
            new Ready(
                text(condition, "address"), text(condition, "mode"), text(condition, "members"));
          case FAILED, REFUSED -> failure(condition);
          case CONSOLE_ENDED -> new ConsoleEnded(exitCode(condition));
          default -> throw new AssertionError(condition);
        });
    return condition;
  }

  /** Returns the settings that a node which runs does not accept. */
  static List<Misconfigured> refused(BundleContext context) {
    try {
      return context
          .getServiceReferences(Condition.class, "(" + Condition.CONDITION_ID + "=" + REFUSED + ")")
          .stream()
          .map(Conditions::failure)
          .filter(Misconfigured.class::isInstance)
          .map(Misconfigured.class::cast)
          .toList();
    } catch (InvalidSyntaxException e) {
      throw new AssertionError(REFUSED, e);
    }
  }

  private static Occurrence failure(ServiceReference<Condition> condition) {
    return text(condition, "cause").equals("configuration")
        ? new Misconfigured(
            text(condition, "pid"),
            text(condition, "key"),
            text(condition, "value"),
            text(condition, "allowed"))
        : new Failed(text(condition, "reason"));
  }

  private static int exitCode(ServiceReference<Condition> condition) {
    return condition.getProperty("exit") instanceof Integer code
        ? code
        : Exit.COMMAND_FAILED.code();
  }

  private static String text(ServiceReference<Condition> condition, String key) {
    return String.valueOf(condition.getProperty(key));
  }
}
