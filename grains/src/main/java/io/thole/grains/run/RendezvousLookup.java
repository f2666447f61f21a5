package io.thole.grains.run;

import io.thole.api.ClusterView;
import io.thole.api.NodeId;
import io.thole.api.grain.GrainId;
import io.thole.grains.Rendezvous;
import io.thole.spi.IdentityLookup;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Finds grains by {@link Rendezvous} hashing: at once, and without asking anyone. */
public final class RendezvousLookup implements IdentityLookup {
  @Override
  public CompletionStage<NodeId> lookup(GrainId id, ClusterView view, List<NodeId> hosts) {
    return CompletableFuture.completedFuture(Rendezvous.choose(id, hosts));
  }
}
