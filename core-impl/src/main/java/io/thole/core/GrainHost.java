package io.thole.core;

import io.thole.api.NodeId;
import io.thole.core.grain.Placement;
import io.thole.spi.Channel;
import io.thole.spi.ChannelHandler;
import java.util.function.Function;
import java.util.function.Supplier;

/** The node's grains, as its loop drives them. On the loop. */
public interface GrainHost {
  /**
   * Begins a run.
   *
   * @param self this node, in this start
   * @param placement who has which kinds; asked by any thread, and the same object until something changes
   * @param opening opens the channel of grains
   */
  void open(NodeId self, Supplier<Placement> placement, Function<ChannelHandler, Channel> opening);

  /** The placement has changed. */
  void onView();

  /**
   * Begins a graceful stop: refuses new calls, and lets open ones end.
   *
   * @param drained runs on the loop, once that is so or after 2 s
   */
  void drain(Runnable drained);

  /** Ends the run. */
  void close();

  /** Returns how many grains live on this node. */
  int activations();
}
