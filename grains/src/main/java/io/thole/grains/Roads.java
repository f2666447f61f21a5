package io.thole.grains;

import io.thole.api.grain.GrainId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The grains whose hosts are being found. One road for each; whoever opens it finds the host for all that come after. */
public final class Roads {
  /** How many bytes may wait here before a peer's request is turned away. */
  public static final long BYTES_LIMIT = 64 << 20;

  private final Map<GrainId, Road> roads = new HashMap<>();
  private long bytes;

  /** Tells whether there is room for what a peer asks. This node's own calls have their limit in the {@link CallTable}. */
  public boolean admits(GrainRequest request) {
    return bytes + request.weight() <= BYTES_LIMIT;
  }

  /** Tells whether the host of a grain is being found. */
  public boolean stands(GrainId id) {
    return roads.containsKey(id);
  }

  /**
   * Puts a request on its road.
   *
   * @return the road, if the caller is to find the host and walk it; nothing if somebody does, or will
   */
  public Optional<Road> join(GrainRequest request) {
    bytes += request.weight();
    Road standing = roads.get(request.id());
    if (standing != null) {
      standing.requests.add(request);
      return Optional.empty();
    }
    Road opened = new Road(request.id());
    opened.requests.add(request);
    roads.put(request.id(), opened);
    return Optional.of(opened);
  }

  /** Puts a request on its road, all of which is now to be taken up by {@link #rested()}. */
  public void rest(GrainRequest request) {
    bytes += request.weight();
    Road standing = roads.get(request.id());
    if (standing == null || !standing.resting) {
      Road fresh = new Road(request.id()); // another road, so that who walks the old one stops
      fresh.resting = true;
      if (standing != null) {
        fresh.requests.addAll(standing.requests);
      }
      roads.put(request.id(), fresh);
      standing = fresh;
    }
    standing.requests.add(request);
  }

  /** Returns the roads that rest, which the caller is to walk. */
  public List<Road> rested() {
    List<Road> rested = roads.values().stream().filter(road -> road.resting).toList();
    rested.forEach(road -> road.resting = false);
    return rested;
  }

  /**
   * Takes the first request of a road; one on which nothing is left is closed.
   *
   * @return nothing once the caller's walk has ended
   */
  public Optional<GrainRequest> next(Road road) {
    if (roads.get(road.id) != road) {
      return Optional.empty();
    }
    GrainRequest first = road.requests.poll();
    if (first == null) {
      roads.remove(road.id);
    } else {
      bytes -= first.weight();
    }
    return Optional.ofNullable(first);
  }

  /**
   * Drops what nobody waits for any more: a lookup may never end.
   *
   * @return how many
   */
  public int drop(long nowNanos) {
    List<GrainRequest> dropped = roads.values().stream()
        .flatMap(road -> road.requests.stream())
        .filter(request -> request.expired(nowNanos))
        .toList();
    dropped.forEach(this::remove);
    return dropped.size();
  }

  private void remove(GrainRequest request) {
    Road road = roads.get(request.id());
    if (road != null && road.requests.remove(request)) {
      bytes -= request.weight();
      if (road.requests.isEmpty()) {
        roads.remove(request.id());
      }
    }
  }

  /** Returns how many grains are being looked for. */
  public int size() {
    return roads.size();
  }
}
