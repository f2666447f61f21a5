package io.thole.spi;

import io.thole.api.NodeId;
import io.thole.api.StartupMode;
import java.util.List;

/**
 * A node to which this one is linked, as it describes itself. Whether it is a member is another question.
 *
 * @param id its address and the number of its start
 * @param mode whether it takes part as a member or as a client
 * @param kinds the names of the kinds that it hosts, sorted
 */
public record Peer(NodeId id, StartupMode mode, List<String> kinds) {
  /** Copies and sorts the kinds. */
  public Peer {
    kinds = kinds.stream().sorted().toList();
  }
}
