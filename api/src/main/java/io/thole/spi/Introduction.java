package io.thole.spi;

import io.thole.api.Authority;
import java.util.Optional;

/**
 * How a node introduces itself to another.
 *
 * @param cluster the name of its cluster
 * @param incarnation the number of its start
 * @param advertise the address by which peers know and dial it; empty for the one that is bound
 */
public record Introduction(String cluster, long incarnation, Optional<Authority> advertise) {
  /**
   * Introduces a node by the address that it binds.
   *
   * @param cluster the name of its cluster
   * @param incarnation the number of its start
   */
  public Introduction(String cluster, long incarnation) {
    this(cluster, incarnation, Optional.empty());
  }
}
