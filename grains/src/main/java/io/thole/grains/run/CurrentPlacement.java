package io.thole.grains.run;

import io.thole.api.ClusterView;
import io.thole.api.NodeId;
import io.thole.grains.Placement;
import io.thole.spi.PartContext;
import io.thole.spi.Peer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Who can have grains, as the node shows it at this moment: what it sees, what its peers say that they host, and what it hosts
 * itself. The same object until one of them changes. Any thread.
 */
final class CurrentPlacement implements Supplier<Placement> {
  private final PartContext context;
  private final NodeId self;
  private volatile Made made =
      new Made(new Sight(ClusterView.EMPTY, List.of(), List.of()), Placement.NOWHERE);

  /** What a placement is made of. */
  private record Sight(ClusterView view, List<Peer> peers, List<String> kinds) {
    @SuppressWarnings("ReferenceEquality") // the quick question; whether it is equal is asked after
    boolean isMadeOf(ClusterView seen, List<Peer> linked, List<String> own) {
      return view == seen && peers == linked && kinds == own;
    }
  }

  private record Made(Sight sight, Placement placement) {}

  CurrentPlacement(PartContext context, NodeId self) {
    this.context = context;
    this.self = self;
  }

  @Override
  public Placement get() {
    Made last = made;
    return last.sight().isMadeOf(context.view(), context.peers().linked(), context.kinds())
        ? last.placement()
        : make();
  }

  /** Looks again, one thread after the other: what the node shows only becomes newer, so nothing older takes its place. */
  private synchronized Placement make() {
    Sight seen = new Sight(context.view(), context.peers().linked(), context.kinds());
    Made last = made;
    Made next = new Made(seen, last.sight().equals(seen) ? last.placement() : placement(seen));
    made = next;
    return next.placement();
  }

  private Placement placement(Sight seen) {
    Map<NodeId, List<String>> hosts = new HashMap<>();
    seen.peers().forEach(peer -> hosts.put(peer.id(), peer.kinds()));
    hosts.put(self, seen.kinds());
    return new Placement(seen.view(), hosts);
  }
}
