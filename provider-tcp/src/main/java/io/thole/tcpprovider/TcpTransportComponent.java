package io.thole.tcpprovider;

import io.thole.api.Authority;
import io.thole.api.BindAddress;
import io.thole.api.NodeId;
import io.thole.spi.Introduction;
import io.thole.spi.Transport;
import io.thole.spi.TransportHandler;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Offers a {@link TcpTransport} with the settings that ConfigAdmin holds when it is bound. */
@Component(service = Transport.class, configurationPid = TcpSettings.PID)
@Designate(ocd = TcpTransportComponent.Settings.class)
public final class TcpTransportComponent implements Transport {
  private final TcpTransport transport = new TcpTransport(this::settings);
  private final Path home;
  private volatile Map<String, Object> values;

  /** What can be configured. */
  @ObjectClassDefinition(
      name = "Thole TCP transport",
      description =
          "Frames between nodes over TCP. Changes apply when the node starts next; those of TLS, but for its time, with the next connection.")
  @interface Settings {
    /** Returns whether to listen beyond the loopback without encryption. */
    @AttributeDefinition(
        name = "Insecure",
        description = "Listen at an address that is not the loopback although nothing is encrypted",
        required = false)
    boolean insecure() default false;

    /** Returns the file of the node's certificate. */
    @AttributeDefinition(
        name = "Certificate",
        description =
            "File in PEM: the node's certificate, and those that lead to its authority. With it come TLS and the two below",
        required = false)
    String certificateFile() default "";

    /** Returns the file of the node's private key. */
    @AttributeDefinition(
        name = "Key",
        description = "File in PEM: the private key, PKCS#8, which nobody but its owner may read",
        required = false)
    String keyFile() default "";

    /** Returns the file of those who are trusted. */
    @AttributeDefinition(
        name = "Authorities",
        description = "File in PEM: the certificates of the authorities that are trusted",
        required = false)
    String authoritiesFile() default "";

    /** Returns whom to let in. */
    @AttributeDefinition(
        name = "Allowed",
        description =
            "Who is let in, each thole://HOST:PORT/CLUSTER or thole://HOST/CLUSTER; empty for all whom an authority vouches for",
        required = false)
    String[] allowed() default {};

    /** Returns how long a TLS handshake may take. */
    @AttributeDefinition(
        name = "TLS handshake (ms)",
        description = "How long a TLS handshake may take, before the handshake, 1 to 600000",
        required = false)
    int tlsMillis() default 2_000;

    /** Returns how long a handshake may take. */
    @AttributeDefinition(
        name = "Handshake (ms)",
        description = "How long a handshake may take, 1 to 600000",
        required = false)
    int helloMillis() default 2_000;

    /** Returns how long a frame may take that has begun. */
    @AttributeDefinition(
        name = "Frame (ms)",
        description = "How long a frame may take that has begun, 1 to 600000",
        required = false)
    int frameMillis() default 10_000;

    /** Returns how long an attempt to connect may take. */
    @AttributeDefinition(
        name = "Connect (ms)",
        description = "How long an attempt to connect may take, before the handshake, 1 to 600000",
        required = false)
    int connectMillis() default 2_000;

    /** Returns how many incoming connections may be in their handshake. */
    @AttributeDefinition(
        name = "Strangers",
        description = "How many incoming connections may be in their handshake, 1 to 65536",
        required = false)
    int strangers() default 64;

    /** Returns the same, of one remote address. */
    @AttributeDefinition(
        name = "Strangers per address",
        description = "The same, of one remote address",
        required = false)
    int strangersPerAddress() default 8;

    /** Returns the same, of this machine. */
    @AttributeDefinition(
        name = "Strangers of the loopback",
        description = "The same, of this machine",
        required = false)
    int strangersOfLoopback() default 64;

    /** Returns how many nodes may be connected. */
    @AttributeDefinition(
        name = "Peers",
        description = "How many nodes may be connected, 1 to 65536",
        required = false)
    int peers() default 1_024;

    /** Returns how many bytes may wait to be sent to one peer. */
    @AttributeDefinition(
        name = "Waiting bytes",
        description = "How many bytes may wait to be sent to one peer",
        required = false)
    int waitingBytes() default 8 << 20;
  }

  /**
   * Makes the component. The settings are not looked at before the bind, where their faults can be reported.
   *
   * @param bundle knows the node's home, {@code io.thole.home}, below which relative files are
   * @param values what is configured
   */
  @Activate
  public TcpTransportComponent(BundleContext bundle, Map<String, Object> values) {
    this(Path.of(Objects.requireNonNullElse(bundle.getProperty("io.thole.home"), "")), values);
  }

  TcpTransportComponent(Path home, Map<String, Object> values) {
    this.home = home;
    this.values = values;
  }

  @Modified
  void modified(Map<String, Object> values) {
    this.values = values;
  }

  /** Leaves neither port nor thread behind, should the bundle go before the node has let go of it. */
  @Deactivate
  void deactivated() {
    transport.unbind(true);
  }

  @Override
  public String name() {
    return transport.name();
  }

  @Override
  public Authority bind(BindAddress bind, Introduction self, TransportHandler handler) {
    return transport.bind(bind, self, handler);
  }

  @Override
  public void dial(Authority peer) {
    transport.dial(peer);
  }

  @Override
  public boolean send(NodeId peer, ByteBuffer frame) {
    return transport.send(peer, frame);
  }

  @Override
  public boolean drainSoon(NodeId peer) {
    return transport.drainSoon(peer);
  }

  @Override
  public void disconnect(NodeId peer) {
    transport.disconnect(peer);
  }

  @Override
  public void unbind(boolean announced) {
    transport.unbind(announced);
  }

  private TcpSettings settings() {
    return TcpSettings.of(values, home);
  }
}
