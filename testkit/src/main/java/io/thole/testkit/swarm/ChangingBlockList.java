package io.thole.testkit.swarm;

import io.thole.api.Authority;
import io.thole.api.BlockEntry;
import io.thole.api.NodeId;
import io.thole.spi.BlockListProvider;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeMap;

/** A block list that the simulation changes. */
final class ChangingBlockList implements BlockListProvider {
  private final TreeMap<Authority, Integer> blocked = new TreeMap<>();
  private Runnable changed = () -> {};

  void block(Authority address) {
    blocked.merge(address, 1, Integer::sum);
    changed.run();
  }

  void unblock(Authority address) {
    blocked.computeIfPresent(address, (key, times) -> times == 1 ? null : times - 1);
    changed.run();
  }

  @Override
  public String name() {
    return "simulated";
  }

  @Override
  public Collection<BlockEntry> entries() {
    return blocked.keySet().stream()
        .map(address ->
            new BlockEntry(NodeId.at(address), "by the simulation", name(), Optional.empty()))
        .toList();
  }

  @Override
  public AutoCloseable watch(Runnable told) {
    changed = told;
    return () -> changed = () -> {};
  }
}
