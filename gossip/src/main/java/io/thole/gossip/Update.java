package io.thole.gossip;

import io.thole.api.NodeId;
import java.util.List;

/**
 * What is said of one member: SWIM's unit of dissemination.
 *
 * @param claim what
 * @param node of whom
 * @param refutation how often that member had refuted when it was so: SWIM's incarnation number. Only the member itself raises it;
 *     a start begins at 0, since another start is another {@link NodeId}
 * @param accusers who says so of their own experience; none for {@link Claim#ALIVE} and {@link Claim#LEFT}
 */
public record Update(Claim claim, NodeId node, int refutation, List<Accuser> accusers) {
  /** What may be said of a member. */
  public enum Claim {
    /** It is there. */
    ALIVE,
    /** It does not answer its accusers. */
    SUSPECT,
    /** It is gone: the verdict on a suspicion, with the accusers that it stands on. */
    DEAD,
    /** It said that it leaves. */
    LEFT
  }

  /**
   * Who accuses.
   *
   * @param node a member that could not reach the suspect
   * @param gone whether the suspect's address refused the accuser's connections, as only a process that is gone does
   */
  public record Accuser(NodeId node, boolean gone) {}

  /** Copies the list. */
  public Update {
    accusers = List.copyOf(accusers);
  }

  /** Returns how many bytes it takes in a message. */
  int encodedBytes() {
    int bytes = 1 + nodeBytes(node) + 4 + 1;
    for (int i = 0; i < accusers.size(); i++) {
      bytes += 1 + nodeBytes(accusers.get(i).node());
    }
    return bytes;
  }

  boolean accusedBy(NodeId node) {
    for (int i = 0; i < accusers.size(); i++) {
      if (accusers.get(i).node().equals(node)) {
        return true;
      }
    }
    return false;
  }

  /** Returns who accuses, for people. */
  String accusersText() {
    StringBuilder text = new StringBuilder();
    for (Accuser accuser : accusers) {
      text.append(text.length() == 0 ? "" : ", ")
          .append(accuser.node().authority())
          .append(accuser.gone() ? " (its port is closed)" : "");
    }
    return text.length() == 0 ? "nobody in particular" : text.toString();
  }

  static int nodeBytes(NodeId node) {
    return 1 + node.authority().host().length() + 2 + 8;
  }
}
