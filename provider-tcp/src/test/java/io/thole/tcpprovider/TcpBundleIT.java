package io.thole.tcpprovider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.unix.UnixChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.AddressResolver;
import io.netty.util.ReferenceCounted;
import io.thole.api.Authority;
import io.thole.api.BindAddress;
import io.thole.api.NodeId;
import io.thole.spi.Introduction;
import io.thole.spi.Transport;
import java.net.ConnectException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.apache.felix.scr.info.ScrInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.service.component.ComponentConstants;
import org.osgi.util.function.Function;
import org.osgi.util.promise.Promise;

/** The bundle as it is built, in a framework with Netty's own bundles, and the api on the framework's side. */
@Timeout(60)
class TcpBundleIT {
  private static final String API = "io.thole.api;version=1.0.0,io.thole.api.pubsub;version=2.0.0,"
      + "io.thole.api.grain;version=1.0.0,io.thole.spi;version=1.0.0";

  @TempDir
  private Path storage;

  private Framework framework;
  private BundleContext bundles;
  private Bundle tcp;

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
        ScrInfo.class,
        ReferenceCounted.class,
        ByteBuf.class,
        AddressResolver.class,
        Channel.class,
        ByteToMessageDecoder.class,
        UnixChannel.class,
        SslHandler.class)) {
      installed.add(bundles.installBundle(
          type.getProtectionDomain().getCodeSource().getLocation().toString()));
    }
    tcp =
        bundles.installBundle(Path.of(System.getProperty("bundle", "")).toUri().toString());
    installed.add(tcp);
    for (Bundle bundle : installed) {
      bundle.start();
    }
  }

  @AfterEach
  void stopTheFramework() throws Exception {
    framework.stop();
    framework.waitForStop(10_000);
  }

  @Test // D11
  void listensInAContainerAndClosesWhenItsBundleStops() throws Exception {
    Transport transport = bundles.getService(bundles.getServiceReference(Transport.class));
    Authority port =
        transport.bind(new BindAddress("127.0.0.1", 0), new Introduction("thole", 1), new Deaf());
    NodeId id = new NodeId(new Authority("127.0.0.2", 1), 1);
    try (Stranger peer = Stranger.peer(port, id)) {
      tcp.stop();

      peer.expect(FrameType.GOODBYE);
      assertEquals(0, peer.bytesUntilClosed());
      assertThrows(ConnectException.class, () -> new Stranger(port));
    }
  }
}
