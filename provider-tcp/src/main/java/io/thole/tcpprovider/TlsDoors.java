package io.thole.tcpprovider;

import io.netty.channel.socket.SocketChannel;
import io.thole.api.Authority;
import io.thole.api.ConfigurationException;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a {@link TcpPort} that are in their TLS handshake. What costs time in it, the files and the proofs, runs on
 * one thread of its own, {@code thole-tls}: strangers who come as fast as they can keep no frame of a peer waiting. All else is
 * confined to the thread of the connections.
 */
final class TlsDoors {
  private static final System.Logger LOG = System.getLogger(TlsDoors.class.getName());
  private static final long IDLE_SECONDS = 1;
  private static final long STOP_MILLIS = 500;

  private final TcpPort port;
  private final TlsSource source;
  private final String cluster;
  private final long handshakeNanos;
  private final ThreadPoolExecutor worker;
  private final Set<TlsDoor> doors = new HashSet<>();
  private @Nullable TlsBuffers buffers; // from the first connection on

  /**
   * Reads the files.
   *
   * @param settings what counts until the port closes
   * @param latest asked again for each connection, for the files and the allow list
   * @throws ConfigurationException if the files cannot be used
   */
  TlsDoors(TcpPort port, TcpSettings settings, Supplier<TcpSettings> latest) {
    this.port = port;
    source = new TlsSource(settings.tls(), () -> latest.get().tls(), port.self());
    cluster = port.self().cluster();
    handshakeNanos = settings.tls().handshake().toNanos();
    int connections = settings.strangers() + settings.peers(); // each with one task at a time
    worker = new ThreadPoolExecutor(
        1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(connections), task -> {
          Thread thread = new Thread(task, "thole-tls");
          thread.setDaemon(true);
          return thread;
        });
    worker.allowCoreThreadTimeOut(true);
    rehearse();
  }

  /** Lets the TLS handshake of a connection begin. */
  void open(SocketChannel channel, @Nullable Authority dialled) {
    TlsDoor door = new TlsDoor(this, port, channel, dialled, System.nanoTime());
    doors.add(door);
    channel.closeFuture().addListener(done -> {
      door.onClosed();
      leave(door);
      port.sayWhenGone();
    });
    channel.pipeline().addLast(door);
  }

  /** Has made what the handshake of a connection needs. */
  void prepare(TlsDoor door) {
    try {
      worker.execute(() -> make(door));
    } catch (RejectedExecutionException e) {
      door.refuse(RefusalKind.CROWDED, "too many TLS handshakes at once");
    }
  }

  /** Returns what runs that which takes time. */
  Executor worker() {
    return worker;
  }

  /** Returns where all connections open and seal what they read and write. */
  TlsBuffers buffers() {
    if (buffers == null) {
      buffers = new TlsBuffers(TcpPort.LARGEST_READ);
    }
    return buffers;
  }

  /** The connection is in its TLS handshake no longer. */
  void leave(TlsDoor door) {
    doors.remove(door);
  }

  /** Returns the connections that others have dialled. */
  Stream<SocketChannel> dialledByOthers() {
    return doors.stream().filter(door -> door.dialled() == null).map(TlsDoor::channel);
  }

  boolean isEmpty() {
    return doors.isEmpty();
  }

  /** Ends what took too long; tells whether a handshake is still awaited. */
  boolean passTime(long nowNanos) {
    List.copyOf(doors).forEach(door -> door.onTime(nowNanos, handshakeNanos));
    return !doors.isEmpty();
  }

  /** Closes all of them; nobody is told. */
  void close() {
    List.copyOf(doors).forEach(TlsDoor::close);
  }

  /** Ends the thread. Any thread but it; blocks. */
  boolean stop() {
    worker.shutdownNow();
    boolean interrupted = Thread.interrupted();
    try {
      return worker.awaitTermination(STOP_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
      return false;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Shakes hands with itself, before anyone is let in. The first handshake of a process loads a thousand classes and interprets all
   * of them: on a busy machine that takes longer than a peer waits. A node need not trust itself; then only a part is rehearsed.
   */
  private void rehearse() {
    TlsMaterial material = source.current().allowingAll();
    try {
      TlsRehearsal.play(
          new TlsSession(material, cluster, port.address()).engine(),
          new TlsSession(material, cluster, null).engine());
    } catch (SSLException | RuntimeException e) {
      LOG.log(Level.DEBUG, "{0} does not let itself in: {1}", port.address(), TlsDoor.reason(e));
    }
  }

  /** On {@code thole-tls}. */
  private void make(TlsDoor door) {
    Runnable next;
    try {
      TlsSession session = new TlsSession(source.current(), cluster, door.dialled());
      next = () -> door.begin(session);
    } catch (RuntimeException e) {
      next = () -> door.refuse(RefusalKind.TLS, TlsDoor.reason(e));
    }
    door.channel().eventLoop().execute(next);
  }
}
