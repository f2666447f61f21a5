package io.thole.grains.run;

import io.thole.api.NodeId;
import io.thole.grains.Activation;
import io.thole.grains.GrainRequest;
import io.thole.grains.Placement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Has grains go that belong elsewhere, after their turns: what waits for them goes back to where it came from. Any thread, but
 * for {@link #look}.
 */
final class Moves {
  private final NodeId self;
  private final Supplier<Placement> placement;
  private final Directory directory;
  private final Turns turns;
  private final BiConsumer<GrainRequest, String> rest;
  private final Consumer<GrainRequest> notHere;
  private final Runnable tend;
  private final Guard guard = new Guard();
  private List<Activation> leaving = new ArrayList<>(); // under it
  private Placement checked = Placement.NOWHERE; // the tending worker's own

  /**
   * Makes one that has moved nothing.
   *
   * @param rest puts a call of this node on its road, with the reason; does nothing with a peer's
   * @param notHere says to a peer that the grain is not here; does nothing with this node's own calls
   * @param tend is told that {@link #look} has something to do
   */
  Moves(
      NodeId self,
      Supplier<Placement> placement,
      Directory directory,
      Turns turns,
      BiConsumer<GrainRequest, String> rest,
      Consumer<GrainRequest> notHere,
      Runnable tend) {
    this.self = self;
    this.placement = placement;
    this.directory = directory;
    this.turns = turns;
    this.rest = rest;
    this.notHere = notHere;
    this.tend = tend;
  }

  /**
   * Ends what has no place here any more. On the tending worker, on which lookups may take their time.
   *
   * @return whether the placement is another one than the last time
   */
  boolean look() {
    Placement now = placement.get();
    boolean changed = now != checked;
    if (changed) {
      checked = now;
      turns.living().forEach(living -> check(living, now));
    }
    move(guard.locked(() -> {
      List<Activation> taken = leaving;
      leaving = new ArrayList<>();
      return taken;
    }));
    return changed;
  }

  private void check(Activation living, Placement now) {
    if (now.hosts(living.id().kind()).contains(self)) {
      directory.ask(living.id(), now).whenComplete((host, thrown) -> {
        boolean elsewhere = thrown == null && !self.equals(host);
        if (elsewhere && placement.get() == now) { // a later one is checked by itself
          leave(living);
        }
      });
    } else {
      leave(living);
    }
  }

  private void leave(Activation living) {
    guard.locked(() -> leaving.add(living));
    tend.run(); // where the lookup took its time
  }

  /** Ends activations after their turns; what waits for them is resolved once more. */
  void move(List<Activation> ending) {
    turns.end(ending, request -> rest.accept(request, "it has to move")).forEach(notHere);
    directory.takeUp();
  }

  /** Ends all activations, and no other begins. */
  void close() {
    turns
        .close(request -> rest.accept(request, "grains are stopping on this node"))
        .forEach(notHere);
  }
}
