package io.thole.launcher;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.service.condition.Condition;

/** Stands for the shell in tests of the launcher alone: {@code doctor}, {@code bundles}, {@code exit N}, and the end. */
public final class FixtureShell implements BundleActivator {
  /** As the real one: {@code System.out} is for strangers. */
  private static final PrintStream OUT =
      new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

  @Override
  public void start(BundleContext context) throws InvalidSyntaxException {
    context.addServiceListener(
        event -> {
          if (event.getType() == ServiceEvent.REGISTERED) {
            Thread reader = new Thread(() -> read(context), "fixture-shell");
            reader.setDaemon(true);
            reader.start();
          }
        },
        "(osgi.condition.id=io.thole.console.open)");
  }

  private static void read(BundleContext context) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("exit ")) {
          end(context, Integer.parseInt(line.substring(5)));
          return;
        }
        answer(context, line);
      }
      end(context, 0);
    } catch (IOException e) {
      end(context, 1);
    }
  }

  private static void answer(BundleContext context, String line) {
    if (line.equals("doctor")) {
      ServiceReference<?> reference = context.getServiceReference(Supplier.class);
      for (Object row : (List<?>) ((Supplier<?>) context.getService(reference)).get()) {
        OUT.println(((Map<?, ?>) row).get("check") + " ok=" + ((Map<?, ?>) row).get("ok") + " "
            + ((Map<?, ?>) row).get("detail"));
      }
    } else if (line.equals("bundles")) {
      for (Bundle bundle : context.getBundles()) {
        OUT.println("bundle " + bundle.getSymbolicName() + " " + bundle.getVersion() + " "
            + bundle.getState());
      }
    }
    OUT.println("answered");
    OUT.flush();
  }

  private static void end(BundleContext context, int exit) {
    context.registerService(
        Condition.class,
        Condition.INSTANCE,
        FrameworkUtil.asDictionary(
            Map.of("osgi.condition.id", "io.thole.console.ended", "exit", exit)));
  }

  @Override
  public void stop(BundleContext context) {}
}
