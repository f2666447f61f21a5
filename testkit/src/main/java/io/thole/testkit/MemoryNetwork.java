package io.thole.testkit;

import io.thole.api.Authority;
import io.thole.api.BindAddress;
import io.thole.api.ClusterException;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/**
 * A network inside one process. Nothing arrives but inside {@link #run}, on the caller's thread and in the order in which
 * it was sent: run twice, a test sees the same. {@link #run} is for one thread; everything else for any.
 */
public final class MemoryNetwork {
  private static final int FIRST_FREE_PORT =
      49_152; // where those that nobody registers begin: RFC 6335, 6
  private static final int LAST_PORT = 65_535;

  private final Map<Authority, MemoryPort> ports = new ConcurrentHashMap<>();
  private final Queue<Runnable> underway = new ConcurrentLinkedQueue<>();

  /** Makes a network on which nobody listens. */
  public MemoryNetwork() {}

  /** Returns a new transport on this network. */
  public MemoryTransport transport() {
    return new MemoryTransport(this);
  }

  /** Delivers everything that is under way, and what is sent meanwhile. */
  public void run() {
    for (Runnable next = underway.poll(); next != null; next = underway.poll()) {
      next.run();
    }
  }

  void later(Runnable delivery) {
    underway.add(delivery);
  }

  /**
   * Opens a port.
   *
   * @param bind where; port 0 stands for the first free one
   * @param opening makes the port of an address
   * @throws ClusterException if there is none
   */
  MemoryPort listen(BindAddress bind, Function<Authority, MemoryPort> opening) {
    int first = bind.anyPort() ? FIRST_FREE_PORT : bind.port();
    int last = bind.anyPort() ? LAST_PORT : bind.port();
    for (int number = first; number <= last; number++) {
      Authority address = new Authority(bind.host(), number);
      MemoryPort port = opening.apply(address);
      if (ports.putIfAbsent(address, port) == null) {
        ports.put(port.address(), port);
        return port;
      }
    }
    throw new ClusterException(
        bind.anyPort()
            ? "no port of " + bind.host() + " is free"
            : "port " + bind.port() + " of " + bind.host() + " is in use");
  }

  void free(MemoryPort port) {
    ports.values().removeIf(port::equals);
  }

  Optional<MemoryPort> at(Authority address) {
    return Optional.ofNullable(ports.get(address));
  }
}
