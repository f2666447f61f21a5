package io.thole.grains;

import io.thole.api.NodeId;
import io.thole.api.grain.Grain;
import io.thole.api.grain.GrainId;
import io.thole.api.grain.GrainKind;
import io.thole.api.grain.GrainStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One grain on this node, from its first request on. Changed by its {@link ActivationTable} alone. */
public final class Activation {
  final GrainId id;
  final GrainKind kind;
  final List<GrainId> alone;
  final ArrayDeque<GrainRequest> mailbox = new ArrayDeque<>();

  @Nullable
  Grain grain;

  long idleSinceNanos;

  /** Whether its worker has been told to serve, and has not come to an end. */
  boolean serving;

  /** Whether the same caller's next request waits behind the one that was begun last. */
  boolean followed;

  /** Whether it has mail and waits for one of the turns that a node has. */
  boolean waiting;

  /** Whether it takes nothing more, and goes after its turn. */
  boolean ending;

  Activation(GrainId id, GrainKind kind) {
    this.id = id;
    this.kind = kind;
    alone = List.of(id);
  }

  /** Returns whose it is. */
  public GrainId id() {
    return id;
  }

  /** Returns the grains that wait for what is called in a turn, this one among them. */
  public List<GrainId> chain(GrainRequest request) {
    if (request.chain().isEmpty()) {
      return alone;
    }
    List<GrainId> chain = new ArrayList<>(request.chain());
    chain.add(id);
    return List.copyOf(chain);
  }

  /** Tells whether the same caller's next request waited already when the one began that is served. For its worker. */
  public boolean isFollowed() {
    return followed;
  }

  /** Returns what makes its grain. */
  public GrainKind kind() {
    return kind;
  }

  /** Returns its grain, once it is made. */
  public Optional<Grain> grain() {
    return Optional.ofNullable(grain);
  }

  GrainStatus status(NodeId node, long nowNanos) {
    return new GrainStatus(id, node, serving ? 0 : nowNanos - idleSinceNanos);
  }
}
