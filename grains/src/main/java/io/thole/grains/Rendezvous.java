package io.thole.grains;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.api.grain.GrainId;
import java.util.List;

/**
 * Highest random weight: each host has a weight for each grain, and the heaviest host has the grain. When a host comes or
 * goes, only the grains that it has or had move. Hosts are weighed by their address, so that a restarted node gets its
 * grains back, and so that nodes agree of which some have not met the host yet and do not know its incarnation.
 *
 * @see <a href="https://doi.org/10.1109/90.663936">Thaler and Ravishankar, Using name-based mappings to increase hit rates</a>
 */
public final class Rendezvous {
  private static final long OFFSET_BASIS = 0xcbf29ce484222325L; // FNV-1a
  private static final long PRIME = 0x100000001b3L;

  private Rendezvous() {}

  /**
   * Chooses the host of a grain.
   *
   * @param hosts at least one, in any order
   */
  public static NodeId choose(GrainId id, List<NodeId> hosts) {
    long grain = fold(fold(fold(OFFSET_BASIS, id.kind()), "/"), id.key());
    NodeId heaviest = hosts.get(0);
    long most = weight(grain, heaviest.authority());
    for (NodeId host : hosts.subList(1, hosts.size())) {
      long weight = weight(grain, host.authority());
      int order = Long.compareUnsigned(weight, most);
      if (order > 0 || (order == 0 && host.compareTo(heaviest) < 0)) {
        heaviest = host;
        most = weight;
      }
    }
    return heaviest;
  }

  private static long weight(long grain, Authority host) {
    return mixed(grain ^ mixed(fold(OFFSET_BASIS, host.host()) * PRIME ^ host.port()));
  }

  private static long fold(long hash, String ascii) {
    long folded = hash;
    for (int i = 0; i < ascii.length(); i++) {
      folded = (folded ^ ascii.charAt(i)) * PRIME;
    }
    return folded;
  }

  /** Spreads each bit over all: FNV-1a alone leaves the high bits of similar names alike. Finalizer of SplitMix64. */
  private static long mixed(long hash) {
    long mixed = (hash ^ hash >>> 30) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
    return mixed ^ mixed >>> 31;
  }
}
