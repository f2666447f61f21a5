package io.thole.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the kernel has counted on the sockets of some ports: what applications received above TCP, without headers,
 * acknowledgements and repetitions. Both ends of a connection are on this machine, so everything that was sent counts once.
 *
 * @param sockets the counts of each end, by its address and that of the other end
 */
record SocketCounts(Map<String, Count> sockets) {
  private static final Pattern BYTES = Pattern.compile(" bytes_received:([0-9]+)");
  private static final Pattern SEGMENTS = Pattern.compile(" data_segs_in:([0-9]+)");

  /**
   * What came in.
   *
   * @param bytes how many bytes
   * @param segments in how many pieces
   */
  record Count(long bytes, long segments) {
    Count plus(Count other) {
      return new Count(bytes + other.bytes, segments + other.segments);
    }
  }

  SocketCounts {
    sockets = Map.copyOf(sockets);
  }

  /** Asks the kernel; empty where the machine has no {@code ss}. */
  static Optional<SocketCounts> ofPorts(Set<Integer> ports) {
    try {
      Process ss = new ProcessBuilder("ss", "-tinHO").redirectErrorStream(true).start();
      try (BufferedReader lines = ss.inputReader(StandardCharsets.UTF_8)) {
        return Optional.of(read(lines.lines().toList(), ports));
      }
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Reads what {@code ss -tinHO} prints: a socket a line. */
  static SocketCounts read(Iterable<String> lines, Set<Integer> ports) {
    Map<String, Count> sockets = new HashMap<>();
    for (String line : lines) {
      String[] words = line.split("\\s+", 6);
      if (words.length == 6 && (ports.contains(port(words[3])) || ports.contains(port(words[4])))) {
        sockets.put(
            words[3] + " " + words[4], new Count(number(BYTES, line), number(SEGMENTS, line)));
      }
    }
    return new SocketCounts(sockets);
  }

  /** Returns what came since an earlier look: a socket that was closed meanwhile is not known any more. */
  Count since(SocketCounts before) {
    Count sum = new Count(0, 0);
    for (Map.Entry<String, Count> socket : sockets.entrySet()) {
      Count then = before.sockets.getOrDefault(socket.getKey(), new Count(0, 0));
      sum = sum.plus(socket.getValue()).plus(new Count(-then.bytes, -then.segments));
    }
    return sum;
  }

  private static int port(String address) {
    String port = address.substring(address.lastIndexOf(':') + 1);
    return port.matches("[0-9]{1,5}") ? Integer.parseInt(port) : -1;
  }

  private static long number(Pattern pattern, String line) {
    Matcher matcher = pattern.matcher(line);
    return matcher.find() ? Long.parseLong(matcher.group(1)) : 0; // none came, so none is named
  }
}
