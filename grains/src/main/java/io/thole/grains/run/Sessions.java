package io.thole.grains.run;

import io.thole.api.NodeId;
import io.thole.grains.GrainMessage.Closing;
import io.thole.grains.GrainMessage.Heeded;
import io.thole.spi.Channel.Sending;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The nodes with which a session stands, and which of them take no more calls. One that closes says so first; once the others
 * have heeded that, what they sent before has come, since messages keep their order. A thread over there that looked before that, and
 * sends after it, may be a moment late: so whoever closes looks a second time. Any thread.
 */
final class Sessions {
  private final LateChannel channel;
  private final Guard guard = new Guard();
  private final Set<NodeId> begun = new HashSet<>(); // these under it
  private final Set<NodeId> unheeding =
      new HashSet<>(); // know perhaps not yet that this node closes
  private boolean closing;

  private final Set<NodeId> peersThatClose = ConcurrentHashMap.newKeySet();

  Sessions(LateChannel channel) {
    this.channel = channel;
  }

  void begun(NodeId peer) {
    boolean tell = guard.locked(() -> {
      begun.add(peer);
      return closing && unheeding.add(peer);
    });
    if (tell) {
      sayClosing(peer);
    }
  }

  void ended(NodeId peer) {
    guard.locked(() -> {
      begun.remove(peer);
      return unheeding.remove(peer);
    });
    peersThatClose.remove(peer);
  }

  /** Returns those that stand. */
  List<NodeId> all() {
    return guard.locked(() -> List.copyOf(begun));
  }

  /** Tells whether a peer has said that it serves no more calls in this session. */
  boolean isClosing(NodeId peer) {
    return peersThatClose.contains(peer);
  }

  /** A peer says that it serves no more calls. */
  void heed(NodeId peer) {
    peersThatClose.add(peer);
    channel.reply(peer, new Heeded()); // where there is no room: it says so again
  }

  /** A peer has heeded that this node closes. */
  void heeded(NodeId peer) {
    guard.locked(() -> unheeding.remove(peer));
  }

  /** Says to all that this node serves no more calls; may be said again. */
  void close() {
    List<NodeId> told = guard.locked(() -> {
      if (!closing) {
        closing = true;
        unheeding.addAll(begun);
      }
      return List.copyOf(unheeding);
    });
    told.forEach(this::sayClosing);
  }

  private void sayClosing(NodeId peer) {
    if (channel.reply(peer, new Closing()) == Sending.NO_SESSION) {
      heeded(peer);
    }
  }

  /** Tells whether all have heeded that this node closes. */
  boolean areHeeding() {
    return guard.locked(() -> closing && unheeding.isEmpty());
  }
}
