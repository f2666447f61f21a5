package io.thole.tcpprovider;

import io.thole.api.Authority;
import io.thole.api.BindAddress;
import io.thole.api.ClusterException;
import io.thole.api.ConfigurationException;
import io.thole.api.NodeId;
import io.thole.spi.Introduction;
import io.thole.spi.Transport;
import io.thole.spi.TransportHandler;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Frames over TCP, on Netty, with one thread of its own while it is bound. Where {@link TcpSettings#tls()} names the files, it
 * speaks TLS 1.3, and both sides prove who they are. Where not, nothing is encrypted and nobody proves anything, so it listens
 * beyond the loopback only where {@link TcpSettings#insecure()} asks for it.
 */
public final class TcpTransport implements Transport {
  private static final System.Logger LOG = System.getLogger(TcpTransport.class.getName());

  private final Supplier<TcpSettings> settings;
  private final long mostHeldBytes;
  private volatile @Nullable TcpPort port;

  /**
   * Makes a transport that is not bound.
   *
   * @param settings what it allows
   */
  public TcpTransport(TcpSettings settings) {
    this(() -> settings);
  }

  /**
   * Makes a transport that is not bound.
   *
   * @param settings asked at each bind for what to allow; what it throws fails the bind. Asked at each connection for the files
   *     and the allow list of TLS; what it throws then changes nothing
   */
  TcpTransport(Supplier<TcpSettings> settings) {
    this(settings, TcpPort.usualHeldBytes());
  }

  /**
   * Makes a transport that is not bound.
   *
   * @param settings asked at each bind for what to allow; what it throws fails the bind
   * @param mostHeldBytes how much may be held for frames that are not whole
   */
  TcpTransport(Supplier<TcpSettings> settings, long mostHeldBytes) {
    this.settings = settings;
    this.mostHeldBytes = mostHeldBytes;
  }

  @Override
  public String name() {
    return "tcp";
  }

  @Override
  public Authority bind(BindAddress bind, Introduction self, TransportHandler handler) {
    if (port != null) {
      throw new IllegalStateException("cannot listen at " + bind + ": bound already");
    }
    TcpSettings allowed = settings.get();
    checkSecurity(bind, allowed);
    TcpPort opened = TcpPort.open(bind, self, handler, allowed, settings, mostHeldBytes);
    port = opened;
    return opened.bound();
  }

  @Override
  public void dial(Authority peer) {
    TcpPort from = port;
    if (from != null) {
      from.dial(peer);
    }
  }

  @Override
  public boolean send(NodeId peer, ByteBuffer frame) {
    if (frame.remaining() > FRAME_LIMIT) {
      throw new IllegalArgumentException(
          "a frame of " + frame.remaining() + " bytes; at most " + FRAME_LIMIT + " are allowed");
    }
    TcpPort from = port;
    return from != null && from.send(peer, frame);
  }

  @Override
  public boolean drainSoon(NodeId peer) {
    TcpPort from = port;
    return from != null && from.drainSoon(peer);
  }

  @Override
  public void disconnect(NodeId peer) {
    TcpPort from = port;
    if (from != null) {
      from.disconnect(peer);
    }
  }

  @Override
  public void unbind(boolean announced) {
    TcpPort from = port;
    port = null;
    if (from != null) {
      from.close(announced);
    }
  }

  /**
   * Returns how many connections were refused since the bind, by reason; nothing where it is not bound. Any thread.
   *
   * @return a count for each reason, also where it is 0
   */
  public Map<String, Long> refusals() {
    TcpPort from = port;
    return from == null ? Map.of() : from.refusals();
  }

  private static void checkSecurity(BindAddress bind, TcpSettings settings) {
    if (settings.tls().asked() || loopback(bind)) {
      return;
    }
    if (!settings.insecure()) {
      throw new ConfigurationException(
          TcpSettings.PID,
          "insecure",
          "false",
          "true, to listen at " + bind
              + ", which is not the loopback, without encryption; or name certificateFile, keyFile and authoritiesFile");
    }
    LOG.log(
        Level.WARNING,
        "listening at {0} without encryption: whoever reaches this port can join (insecure=true)",
        bind);
  }

  private static boolean loopback(BindAddress bind) {
    try {
      return Arrays.stream(InetAddress.getAllByName(bind.host()))
          .allMatch(InetAddress::isLoopbackAddress);
    } catch (UnknownHostException e) {
      throw new ClusterException("cannot listen at " + bind + ": unknown host", e);
    }
  }
}
