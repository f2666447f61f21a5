package io.thole.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Hosts, each with its own network, on two switches that a cable joins: all of it in network namespaces with names of their own,
 * nothing in the machine's network. Pulling a cable drops what is sent, without a word to either side. Needs Linux, {@code ip},
 * and the right to make namespaces.
 */
final class Lan implements AutoCloseable {
  private final String name = "thole-" + ProcessHandle.current().pid() + "-";
  private final String switches = name + "switches";
  private final List<String> namespaces = new ArrayList<>();
  private final int lefts;

  /** This machine does not allow network namespaces. */
  static final class NotAllowedException extends Exception {
    private static final long serialVersionUID = 1;

    NotAllowedException(IOException reason) {
      super("no network namespaces here: " + reason.getMessage(), reason);
    }
  }

  /**
   * Builds it.
   *
   * @param lefts how many hosts are at the first switch
   * @param rights how many are at the second
   */
  Lan(int lefts, int rights) throws NotAllowedException, IOException {
    this.lefts = lefts;
    try {
      namespace(switches);
      ip("-n", switches, "link", "add", "left", "up", "type", "bridge");
    } catch (IOException e) {
      close();
      throw new NotAllowedException(e);
    }
    ip("-n", switches, "link", "add", "right", "up", "type", "bridge");
    ip("-n", switches, "link", "add", "cable", "type", "veth", "peer", "name", "end");
    ip("-n", switches, "link", "set", "end", "up", "master", "right");
    ip("-n", switches, "link", "set", "cable", "up");
    join();
    for (int host = 1; host <= lefts + rights; host++) {
      host(host);
    }
  }

  /** Returns the beginning of a command line that runs the rest of it at a host; they are counted from 1, the left ones first. */
  List<String> at(int host) {
    return List.of("ip", "netns", "exec", name + host);
  }

  /** Returns the address of a host. */
  static String address(int host) {
    return "10.77.0." + host;
  }

  /** Pulls the cable between the switches. */
  void part() throws IOException {
    ip("-n", switches, "link", "set", "cable", "nomaster");
  }

  /** Puts the cable between the switches back. */
  void join() throws IOException {
    ip("-n", switches, "link", "set", "cable", "master", "left");
  }

  /** Pulls the cable of a host. */
  void unplug(int host) throws IOException {
    ip("-n", switches, "link", "set", "port" + host, "nomaster");
  }

  /** Puts the cable of a host back. */
  void plug(int host) throws IOException {
    String side = host <= lefts ? "left" : "right";
    ip("-n", switches, "link", "set", "port" + host, "up", "master", side);
  }

  /** Takes it away again; whatever runs there must have ended. */
  @Override
  public void close() throws IOException {
    for (String namespace : namespaces) {
      ip("netns", "delete", namespace); // and with it all that is in it
    }
    namespaces.clear();
  }

  private void host(int host) throws IOException {
    String namespace = name + host;
    namespace(namespace);
    String port = "port" + host;
    ip(
        "-n", switches, "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns",
        namespace);
    ip("-n", namespace, "address", "add", address(host) + "/24", "dev", "eth0");
    ip("-n", namespace, "link", "set", "lo", "up");
    ip("-n", namespace, "link", "set", "eth0", "up");
    plug(host);
  }

  private void namespace(String namespace) throws IOException {
    ip("netns", "add", namespace);
    namespaces.add(namespace);
  }

  private static void ip(String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + ": " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
