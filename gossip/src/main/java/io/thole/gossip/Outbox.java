package io.thole.gossip;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.gossip.GossipOutcome.Send;
import java.util.ArrayList;
import java.util.List;

/** Gathers what one step of an engine decides. A step that decides nothing allocates nothing. */
final class Outbox {
  private List<Send> sends = List.of();
  private List<Authority> dials = List.of();
  private List<NodeId> joined = List.of();
  private List<NodeId> left = List.of();
  private List<NodeId> lost = List.of();
  private List<GossipNote> notes = List.of();
  private boolean empty = true;

  void send(NodeId to, GossipMessage message) {
    Send send = new Send(to, message);
    if (sends.isEmpty()) {
      sends = List.of(send); // most steps send one
    } else {
      if (sends.size() == 1) {
        sends = new ArrayList<>(sends);
      }
      sends.add(send);
    }
    empty = false;
  }

  void dial(Authority address) {
    if (dials.isEmpty()) {
      dials = new ArrayList<>(1);
    }
    dials.add(address);
    empty = false;
  }

  void note(GossipNote.Kind kind, NodeId about, String evidence) {
    if (notes.isEmpty()) {
      notes = new ArrayList<>(1);
    }
    notes.add(new GossipNote(kind, about, evidence));
    empty = false;
  }

  void publish(List<NodeId> come, List<NodeId> gone, List<NodeId> dead) {
    joined = come;
    if (left.isEmpty()) {
      left = gone;
    } else {
      left.addAll(gone);
    }
    lost = dead;
    empty = false;
  }

  /** What somebody else has published of a node is taken back. */
  void retract(NodeId node) {
    List<NodeId> all = new ArrayList<>(left);
    all.add(node);
    left = all;
    empty = false;
  }

  GossipOutcome take() {
    if (empty) {
      return GossipOutcome.NOTHING;
    }
    GossipOutcome taken = new GossipOutcome(sends, dials, joined, left, lost, notes);
    sends = List.of();
    dials = List.of();
    joined = List.of();
    left = List.of();
    lost = List.of();
    notes = List.of();
    empty = true;
    return taken;
  }
}
