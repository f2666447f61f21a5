package io.thole.shell;

import io.thole.api.Cluster;
import io.thole.api.EventStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.apache.felix.scr.info.ScrInfo;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.util.function.Function;
import org.osgi.util.promise.Promise;

/** Felix with the built shell, and a node from the test's side. The api and Gogo's are those of the test, so that both meet. */
final class FixtureFramework implements AutoCloseable {
  private static final String SHARED = "io.thole.api;io.thole.api.grain;io.thole.spi;version=1.0.0,"
      + "io.thole.api.pubsub;version=2.2.0,"
      + "org.apache.felix.service.command;org.apache.felix.service.threadio;version=1.0.0";

  private final Framework framework;
  private final FixtureEvents events = new FixtureEvents();
  private final FixtureCluster cluster = new FixtureCluster(events);
  private final ServiceRegistration<Cluster> registration;

  FixtureFramework(Path storage, Map<String, String> properties) throws BundleException {
    Map<String, String> configuration = new HashMap<>(properties);
    configuration.put(Constants.FRAMEWORK_STORAGE, storage.toString());
    configuration.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, SHARED);
    framework =
        ServiceLoader.load(FrameworkFactory.class).iterator().next().newFramework(configuration);
    framework.start();
    List<Bundle> bundles = Stream.of(
            Function.class,
            Promise.class,
            ServiceComponentRuntime.class,
            ScrInfo.class,
            CommandProcessor.class,
            Commands.class)
        .map(this::install)
        .toList();
    for (Bundle bundle : bundles) {
      bundle.start();
    }
    registration = context().registerService(Cluster.class, cluster, null);
    context().registerService(EventStream.class, events, null);
  }

  private Bundle install(Class<?> type) {
    try {
      return context()
          .installBundle(
              type.getProtectionDomain().getCodeSource().getLocation().toString());
    } catch (BundleException e) {
      throw new IllegalStateException("not installed: the bundle of " + type, e);
    }
  }

  BundleContext context() {
    return framework.getBundleContext();
  }

  FixtureCluster cluster() {
    return cluster;
  }

  FixtureEvents events() {
    return events;
  }

  void withdrawCluster() {
    registration.unregister();
  }

  /** Types a line, and returns what it printed. */
  String type(String line) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (CommandSession session = session(out)) {
      session.execute(line);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /** Types a line, and returns its result. */
  Object result(String line) throws Exception {
    try (CommandSession session = session(new ByteArrayOutputStream())) {
      return session.execute(line);
    }
  }

  private CommandSession session(OutputStream out) {
    ServiceReference<CommandProcessor> reference =
        context().getServiceReference(CommandProcessor.class);
    return context()
        .getService(reference)
        .createSession(new ByteArrayInputStream(new byte[0]), out, out);
  }

  @Override
  public void close() throws BundleException {
    framework.stop();
    try {
      framework.waitForStop(0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
