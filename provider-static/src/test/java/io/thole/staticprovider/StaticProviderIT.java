package io.thole.staticprovider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.thole.spi.ClusterProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.felix.scr.info.ScrInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.ComponentConstants;
import org.osgi.util.function.Function;
import org.osgi.util.promise.Promise;

/** The bundle as it is built, in a framework, with the api on the framework's side so that the test can call it. */
class StaticProviderIT {
  private static final String API = "io.thole.api;version=1.0.0,io.thole.api.pubsub;version=2.0.0,"
      + "io.thole.api.grain;version=1.0.0,io.thole.spi;version=1.0.0,"
      + "org.osgi.service.cm;version=1.6.1";
  private static final String SERVICES = "(objectClass=" + ClusterProvider.class.getName() + ")";

  @TempDir
  private Path storage;

  private Framework framework;
  private BundleContext bundles;

  @BeforeEach
  void startTheFramework() throws Exception {
    framework = ServiceLoader.load(FrameworkFactory.class)
        .findFirst()
        .orElseThrow()
        .newFramework(Map.of(
            Constants.FRAMEWORK_STORAGE,
            storage.toString(),
            Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
            API));
    framework.start();
    bundles = framework.getBundleContext();
    List<Bundle> installed = new ArrayList<>();
    for (Class<?> type : List.of(
        Promise.class,
        Function.class,
        ComponentConstants.class,
        ConfigurationAdmin.class,
        ScrInfo.class)) {
      installed.add(bundles.installBundle(
          type.getProtectionDomain().getCodeSource().getLocation().toString()));
    }
    for (Bundle bundle : installed) {
      bundle.start();
    }
  }

  @AfterEach
  void stopTheFramework() throws Exception {
    framework.stop();
    framework.waitForStop(10_000);
  }

  @Test // F6, E8
  void takesEveryConfigurationWithoutBeingActivatedAgain() throws Exception {
    RecordedNode node = new RecordedNode();
    configure("127.0.0.1:26051, 127.0.0.1:26052");
    bundles
        .installBundle(Path.of(System.getProperty("bundle", "")).toUri().toString())
        .start();
    ServiceReference<ClusterProvider> reference =
        bundles.getServiceReference(ClusterProvider.class);
    ClusterProvider provider = bundles.getService(reference);
    provider.startMember(node);
    BlockingQueue<Integer> events = new LinkedBlockingQueue<>();
    bundles.addServiceListener(event -> events.add(event.getType()), SERVICES);

    configure("nonsense");
    Integer first = events.poll(30, TimeUnit.SECONDS);
    configure(List.of("127.0.0.1:26053"));
    Integer second = events.poll(30, TimeUnit.SECONDS);
    node.runTasks();

    assertEquals(ServiceEvent.MODIFIED, first);
    assertEquals(ServiceEvent.MODIFIED, second);
    assertEquals(List.of("127.0.0.1:26051", "127.0.0.1:26052"), node.views.get(0));
    assertEquals(List.of("127.0.0.1:26053"), node.views.get(node.views.size() - 1));
    assertSame(provider, bundles.getService(reference));
  }

  private void configure(Object members) throws Exception {
    ConfigurationAdmin admin =
        bundles.getService(bundles.getServiceReference(ConfigurationAdmin.class));
    admin
        .getConfiguration(StaticClusterProvider.PID, "?")
        .update(FrameworkUtil.asDictionary(Map.of("members", members)));
  }
}
