package io.thole.spi;

import io.thole.api.ClusterView;
import io.thole.api.NodeId;
import io.thole.api.grain.GrainId;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/** Says which node answers for a grain. */
@ConsumerType
public interface IdentityLookup {
  /**
   * Finds the node that answers for a grain: the same on every node that holds the same view.
   *
   * @param id which grain
   * @param view the view by which to decide
   * @param hosts the members of that view that have the kind, sorted
   * @return completes with one of the hosts
   */
  CompletionStage<NodeId> lookup(GrainId id, ClusterView view, List<NodeId> hosts);
}
