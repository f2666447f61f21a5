package io.thole.shell;

import io.thole.api.pubsub.PubSub;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.service.condition.Condition;
import org.osgi.util.tracker.ServiceTracker;

/** A launcher as small as it can be: opens the console, and exits with the code with which that ended. */
final class ConsoleProgram {
  private ConsoleProgram() {}

  public static void main(String[] modeAndExec) throws Exception {
    Path storage = Files.createTempDirectory("console");
    Map<String, String> properties =
        Map.of("io.thole.console", modeAndExec[0], "io.thole.exec", modeAndExec[1]);
    int exit;
    try (FixtureFramework framework = new FixtureFramework(storage, properties)) {
      framework.context().registerService(PubSub.class, new FixturePubSub(), null);
      framework
          .context()
          .registerService(
              Condition.class,
              Condition.INSTANCE,
              FrameworkUtil.asDictionary(Map.of(Condition.CONDITION_ID, "io.thole.console.open")));
      exit = ended(framework);
    }
    System.exit(exit);
  }

  private static int ended(FixtureFramework framework) throws Exception {
    CompletableFuture<Integer> exit =
        new CompletableFuture<>(); // it may have ended before anyone looks
    ServiceTracker<Condition, Integer> tracker =
        new ServiceTracker<>(
            framework.context(),
            framework.context().createFilter("(osgi.condition.id=io.thole.console.ended)"),
            null) {
          @Override
          public Integer addingService(ServiceReference<Condition> reference) {
            Integer code = (Integer) reference.getProperty("exit");
            exit.complete(code);
            return code;
          }
        };
    tracker.open();
    return exit.get();
  }
}
