package io.thole.spi;

import io.thole.api.NodeId;
import java.util.Collection;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Where providers and gossip hand their facts. The node compares them with its view, drops what changes nothing, gathers
 * what comes close together, and publishes the rest as one {@code TopologyUpdated} with the next version.
 *
 * <p>Any thread; never blocks. The facts of one source are applied in the order in which they were handed in. This node
 * itself is always a member and never left, whatever a source says.
 */
@ProviderType
public interface TopologyPublisher {
  /** The most members that a view may have. */
  int LIMIT = 10_000;

  /**
   * Says that these are all the members there are.
   *
   * @param members the full view; whether it lists this node makes no difference
   */
  void view(Collection<NodeId> members);

  /**
   * Says that these are all the members there are, as a file, a table or a name service spells them. If one is malformed
   * or there twice, nothing changes and a {@code TopologyRejected} names it.
   *
   * @param addresses the full view, each {@code HOST:PORT}
   */
  void viewOf(Collection<String> addresses);

  /**
   * Says that nodes came. A known one with another incarnation is replaced: first the old one leaves, then the new one
   * joins, as two events.
   *
   * @param nodes who came
   */
  void joined(Collection<NodeId> nodes);

  /**
   * Says that nodes went, by somebody's word: their own, an operator's, that of a table. One whose incarnation is not the
   * member's is passed over.
   *
   * @param nodes who went
   */
  void left(Collection<NodeId> nodes);

  /**
   * Says that nodes went because they were found unreachable: a verdict, and nobody's word. They may live on the other side
   * of a partition; the node's {@code partition} policy decides what that means. Otherwise as {@link #left}.
   *
   * @param nodes who went
   */
  void lost(Collection<NodeId> nodes);
}
