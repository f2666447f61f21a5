package io.thole.bench;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent.TopologyUpdated;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A topology that a node has published, as one of its observers was told.
 *
 * @param at the node
 * @param nanos when, on the clock that all processes of a machine share
 * @param members how many there were after it
 * @param joined who had come
 * @param left who had gone
 */
record Sighting(
    Authority at, long nanos, int members, List<Authority> joined, List<Authority> left) {
  /** What the line of one begins with. */
  static final String SAW = "saw ";

  private static final String NOBODY = "-";

  Sighting {
    joined = List.copyOf(joined);
    left = List.copyOf(left);
  }

  static Sighting of(Authority at, TopologyUpdated event, long nanos) {
    return new Sighting(at, nanos, event.members().size(), event.joined(), event.left());
  }

  /** Returns it as a line for another process. */
  String line() {
    return SAW + at + " " + nanos + " " + members + " " + text(joined) + " " + text(left);
  }

  /** Reads what {@link #line} wrote. */
  static Sighting parse(String line) {
    String[] words = line.substring(SAW.length()).split(" ");
    return new Sighting(
        Authority.parse(words[0]),
        Long.parseLong(words[1]),
        Integer.parseInt(words[2]),
        addresses(words[3]),
        addresses(words[4]));
  }

  private static String text(List<Authority> addresses) {
    return addresses.isEmpty()
        ? NOBODY
        : addresses.stream().map(Authority::toString).collect(Collectors.joining(","));
  }

  private static List<Authority> addresses(String text) {
    return text.equals(NOBODY)
        ? List.of()
        : Arrays.stream(text.split(",")).map(Authority::parse).toList();
  }
}
