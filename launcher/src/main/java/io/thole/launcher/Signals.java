package io.thole.launcher;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;

/**
 * SIGTERM, SIGINT and SIGHUP: the first one asks for a graceful stop, the second one ends the process at once. A shutdown hook
 * cannot see a second signal. {@code sun.misc.Signal} is reached by reflection, because the compiler warns of it even
 * where it is wanted; where it is missing the process just ends.
 */
final class Signals {
  private static final Logger LOG = System.getLogger(Signals.class.getName());
  private static final Map<String, Integer> EXIT_CODES =
      Map.of("TERM", 143, "INT", 130, "HUP", 129);

  /** timeout(1) signals the process and then its group: the two are one person's one wish. */
  private static final long TWIN_NANOS = 250_000_000L;

  private Signals() {}

  /**
   * Handles the signals from now on.
   *
   * @param first is called once with the exit code that the first signal asks for
   */
  static void handle(IntConsumer first) {
    AtomicLong firstNanos = new AtomicLong();
    AtomicBoolean again = new AtomicBoolean();
    EXIT_CODES.forEach((name, code) -> {
      try {
        handle(name, () -> {
          if (!again.getAndSet(true)) {
            firstNanos.set(System.nanoTime());
            first.accept(code);
          } else if (System.nanoTime() - firstNanos.get() > TWIN_NANOS) {
            Runtime.getRuntime().halt(code);
          }
        });
      } catch (ReflectiveOperationException e) {
        LOG.log(Level.WARNING, "SIG" + name + " ends this process without a graceful stop", e);
      }
    });
  }

  private static void handle(String name, Runnable action) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    Object proxy = Proxy.newProxyInstance(
        Signals.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
          if (method.getDeclaringClass() != Object.class) {
            action.run();
          }
          return null;
        });
    Method handle = signal.getMethod("handle", signal, handler);
    try {
      handle.invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    } catch (InvocationTargetException e) {
      if (!(e.getCause() instanceof IllegalArgumentException)) {
        throw e; // IllegalArgumentException: the JVM was told to leave signals alone (-Xrs)
      }
    }
  }
}
