package io.thole.pubsub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.thole.api.ConfigurationException;
import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.PubSub;
import io.thole.api.pubsub.PublishRefusedException;
import io.thole.api.pubsub.PublishRefusedException.Reason;
import io.thole.api.pubsub.PublishReport;
import io.thole.api.pubsub.PublisherReport;
import io.thole.api.pubsub.Subscription;
import io.thole.api.pubsub.Topic;
import io.thole.api.pubsub.TypedPubSub;
import io.thole.api.pubsub.TypedPublisher;
import io.thole.spi.ClusterPubSub;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.apache.felix.scr.info.ScrInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.ComponentConstants;
import org.osgi.util.function.Function;
import org.osgi.util.promise.Promise;

/** The bundle as it is built, in a framework, with the api on the framework's side so that the test can call it. */
class PubSubComponentIT {
  private static final String API = "io.thole.api;version=1.0.0,io.thole.api.pubsub;version=2.2.0,"
      + "io.thole.api.grain;version=1.0.0,io.thole.spi;version=1.0.0,"
      + "org.osgi.service.cm;version=1.6.1";
  private static final Topic NEWS = new Topic("news");

  private final TestNetwork network = new TestNetwork(1);
  private final TestNode node = network.node(1);

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
    installed.add(
        bundles.installBundle(Path.of(System.getProperty("bundle", "")).toUri().toString()));
    for (Bundle bundle : installed) {
      bundle.start();
    }
  }

  @AfterEach
  void stopTheFramework() throws Exception {
    framework.stop();
    framework.waitForStop(10_000);
  }

  @Test // I3
  void offersPubSubToApplicationsWhileItRuns() {
    ClusterPubSub part = service(bundles, ClusterPubSub.class);
    boolean before = bundles.getServiceReference(PubSub.class) != null;

    part.start(node);
    network.settle();
    PubSub pubSub = service(bundles, PubSub.class);
    pubSub.subscribe(NEWS, message -> {});
    int subscribers = pubSub.topics().get(0).subscribers();
    part.stop(true);

    assertEquals(List.of(false, 1), List.of(before, subscribers));
    assertNull(bundles.getServiceReference(PubSub.class));
  }

  @Test // E6
  void startsAgainAfterItsStop() {
    ClusterPubSub part = service(bundles, ClusterPubSub.class);
    part.start(node);
    network.settle();
    part.stop(true);

    part.start(node);
    network.settle();

    assertEquals(List.of(), service(bundles, PubSub.class).topics());
  }

  @Test
  void isNotOfferedLateByARunThatIsOver() {
    ClusterPubSub part = service(bundles, ClusterPubSub.class);
    part.start(node);

    part.stop(true);
    network.settle();

    assertNull(bundles.getServiceReference(PubSub.class));
  }

  @Test // P6
  void aBundleThatStopsTakesAlongWhatItForgot() throws Exception {
    ClusterPubSub part = service(bundles, ClusterPubSub.class);
    part.start(node);
    network.settle();
    Bundle application = bundles.installBundle("application", emptyBundle("application"));
    application.start();
    PubSub its = service(application.getBundleContext(), PubSub.class);
    PubSub other = service(bundles, PubSub.class);
    Subscription kept = other.subscribe(NEWS, message -> {});
    its.subscribe(NEWS, message -> {});
    int before = other.topics().get(0).subscribers();

    application.stop();

    assertNotSame(its, other);
    assertEquals(2, before);
    assertEquals(1, other.topics().get(0).subscribers());
    assertEquals(NEWS, kept.topic());
    assertEquals(
        List.of(
            "io.thole.pubsub.PubSubComponentIT of bundle org.apache.felix.framework",
            "io.thole.pubsub.PubSubComponentIT of bundle application"),
        node.told.stream()
            .filter(io.thole.api.ClusterEvent.Subscribed.class::isInstance)
            .map(event -> ((io.thole.api.ClusterEvent.Subscribed) event).subscriber())
            .map(subscriber -> subscriber.replaceFirst("\\$\\$Lambda\\S*", ""))
            .toList());
    part.stop(true);
  }

  @Test // O5, M3, P3: for the bundle of a codec
  void aCodecsBundleIsPutInUpdatedAndTakenOutWhileMessagesFlow() throws Exception {
    ClusterPubSub part = service(bundles, ClusterPubSub.class);
    part.start(node);
    network.settle();
    TypedPubSub<URI> uris = service(bundles, PubSub.class).typed(URI.class);
    List<URI> told = new ArrayList<>();
    uris.subscribe(NEWS, (uri, message) -> told.add(uri));
    CompletableFuture<PublishReport> before =
        uris.publish(NEWS, URI.create("a")).toCompletableFuture();

    Bundle codec = bundles.installBundle("codec", codecBundle("first:"));
    codec.start();
    WeakReference<Object> loader = loaderOf(codec);
    TypedPublisher<URI> publisher = uris.publisher(NEWS);
    publisher.publish(URI.create("b"));
    network.settle();
    codec.update(codecBundle("second:"));
    publisher.publish(URI.create("c"));
    network.settle();
    publisher.publish(URI.create("d")); // is on its way
    codec.uninstall();
    network.settleSoon();
    PublishRefusedException after =
        assertThrows(PublishRefusedException.class, () -> publisher.publish(URI.create("e")));

    assertEquals(
        Reason.NOT_ENCODED,
        assertInstanceOf(
                PublishRefusedException.class,
                assertThrows(CompletionException.class, before::join).getCause())
            .reason());
    assertEquals(List.of(URI.create("first:b"), URI.create("second:c")), told);
    assertEquals(
        List.of(new PublisherReport.Missed(
            3, 3, node.id(), Outcome.REJECTED, "no codec for type test/uri")),
        publisher.report().exceptions());
    assertEquals(Reason.NOT_ENCODED, after.reason());
    assertCollected(loader);
    part.stop(true);
  }

  private static WeakReference<Object> loaderOf(Bundle codec) throws Exception {
    return new WeakReference<>(codec.loadClass(UriBundle.class.getName()).getClassLoader());
  }

  private static void assertCollected(WeakReference<Object> loader) {
    long beganNanos = System.nanoTime();
    while (loader.get() != null && System.nanoTime() - beganNanos < 30_000_000_000L) {
      System.gc();
    }
    assertNull(loader.get(), "the class loader of the first codec is still held");
  }

  @Test // E8
  void aSettingThatIsNotAllowedFailsTheStartAndIsSaid() throws Exception {
    ConfigurationAdmin admin = service(bundles, ConfigurationAdmin.class);
    ClusterPubSub part = service(bundles, ClusterPubSub.class);

    admin
        .getConfiguration(PubSubSettings.PID, "?")
        .update(FrameworkUtil.asDictionary(Map.of("deliveryTimeoutMillis", 99)));
    ConfigurationException refusal = awaitRefusal(part);

    assertEquals(
        "io.thole.pubsub: deliveryTimeoutMillis=99 is refused; allowed: 100..600000 milliseconds",
        refusal.getMessage());
  }

  /** The configuration reaches the component on a thread of the framework's. */
  private ConfigurationException awaitRefusal(ClusterPubSub part) {
    long beganNanos = System.nanoTime();
    while (System.nanoTime() - beganNanos < 30_000_000_000L) {
      try {
        part.start(node);
        part.stop(false);
      } catch (ConfigurationException refused) {
        return refused;
      }
    }
    return assertThrows(ConfigurationException.class, () -> part.start(node));
  }

  private static <T> T service(BundleContext user, Class<T> type) {
    return user.getService(user.getServiceReference(type));
  }

  private static InputStream codecBundle(String mark) throws IOException {
    Manifest manifest = manifest("codec");
    manifest.getMainAttributes().putValue(Constants.BUNDLE_ACTIVATOR, UriBundle.class.getName());
    manifest
        .getMainAttributes()
        .putValue(
            Constants.IMPORT_PACKAGE,
            "io.thole.api.pubsub;version=\"[2,3)\",org.osgi.framework;version=\"[1,2)\"");
    manifest.getMainAttributes().putValue(UriBundle.MARK, mark);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
      for (Class<?> type : List.of(UriBundle.class, UriBundle.Codec.class)) {
        String name = type.getName().replace('.', '/') + ".class";
        jar.putNextEntry(new ZipEntry(name));
        try (InputStream in = type.getClassLoader().getResourceAsStream(name)) {
          in.transferTo(jar);
        }
      }
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }

  private static InputStream emptyBundle(String name) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new JarOutputStream(bytes, manifest(name)).close();
    return new ByteArrayInputStream(bytes.toByteArray());
  }

  private static Manifest manifest(String name) {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
    manifest.getMainAttributes().putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
    manifest.getMainAttributes().putValue(Constants.BUNDLE_SYMBOLICNAME, name);
    return manifest;
  }
}
