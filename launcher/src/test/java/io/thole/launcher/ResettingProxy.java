package io.thole.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What stands between a node and those that dial it: passes on what comes, and resets its connections when a test says so, in the
 * middle of whatever is under way.
 */
final class ResettingProxy implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 << 10;

  private final ServerSocket listening = new ServerSocket();
  private final InetSocketAddress node;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicLong reset = new AtomicLong();

  /** Listens at any free port, for a node that is to listen at another one. */
  ResettingProxy() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    listening.bind(new InetSocketAddress(loopback, 0));
    try (ServerSocket free = new ServerSocket()) {
      free.bind(new InetSocketAddress(loopback, 0));
      node = new InetSocketAddress(loopback, free.getLocalPort());
    }
    start("accepts", this::accept);
  }

  /** Returns the address that others know. */
  String address() {
    return "127.0.0.1:" + listening.getLocalPort();
  }

  /** Returns the address at which the node is to listen. */
  String bind() {
    return "127.0.0.1:" + node.getPort();
  }

  /** Resets every connection that passes here. */
  void reset() {
    for (Socket socket : Set.copyOf(sockets)) {
      if (sockets.remove(socket)) {
        try (socket) {
          socket.setSoLinger(true, 0); // no goodbye: what is under way is gone
          reset.incrementAndGet();
        } catch (IOException e) {
          // it has just ended by itself
        }
      }
    }
  }

  /** Returns how many connections were reset: each has two ends here. */
  long resets() {
    return reset.get() / 2;
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket dialler = listening.accept();
        Socket dialled = new Socket();
        sockets.add(dialler);
        sockets.add(dialled);
        dialler.setTcpNoDelay(true);
        dialled.setTcpNoDelay(true);
        start("passes", () -> pass(dialler, dialled));
      } catch (IOException e) {
        // closed, or one connection that nothing came of
      }
    }
  }

  private void pass(Socket dialler, Socket dialled) {
    try {
      dialled.connect(node);
      start("passes back", () -> copy(dialled, dialler));
      copy(dialler, dialled);
    } catch (IOException e) {
      close(dialler); // nobody listens there
    }
  }

  private void copy(Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      for (int bytes = in.read(buffer); bytes >= 0; bytes = in.read(buffer)) {
        to.getOutputStream().write(buffer, 0, bytes);
      }
    } catch (IOException e) {
      close(to); // one end is gone, so the other goes
    } finally {
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void start(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listening.close();
    reset();
  }
}
