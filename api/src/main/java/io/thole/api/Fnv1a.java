package io.thole.api;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.stream.Collectors;

/**
 * The 64-bit hash by which topologies are compared.
 *
 * @see <a href="https://datatracker.ietf.org/doc/html/rfc9923">Fowler/Noll/Vo, FNV-1a</a>
 */
final class Fnv1a {
  private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private Fnv1a() {}

  static long hash(String text) {
    long hash = OFFSET_BASIS;
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (octet & 0xff)) * PRIME;
    }
    return hash;
  }

  /** Joins the distinct values by commas, sorted. Our addresses are ASCII, so this is the order of code points. */
  static String sortedText(Collection<?> values) {
    return values.stream()
        .map(Object::toString)
        .distinct()
        .sorted()
        .collect(Collectors.joining(","));
  }
}
