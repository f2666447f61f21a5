package io.thole.core;

import io.thole.api.Authority;
import io.thole.api.Evidence;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is known about nodes and who said so: the last of each, of those that were last heard of. Confined to the loop. */
final class EvidenceLog {
  private static final int ADDRESSES = 1_024;
  private static final int EACH = 32;

  private final NodeLoop loop;
  private final LinkedHashMap<Authority, ArrayDeque<Evidence>> entries =
      new LinkedHashMap<>(16, 0.75f, true);
  private Map<Authority, List<Evidence>> snapshot = Map.of();
  private boolean changed;

  EvidenceLog(NodeLoop loop) {
    this.loop = loop;
  }

  /**
   * Notes something. What is the same as the last that was noted is noted once.
   *
   * @param about the node
   * @param evidence what, in one line
   * @param by who says so
   * @param rule what this node makes of it
   * @return whether it is news
   */
  boolean note(Authority about, String evidence, String by, String rule) {
    ArrayDeque<Evidence> known = entries.computeIfAbsent(about, key -> new ArrayDeque<>());
    Evidence last = known.peekLast();
    if (last != null && last.evidence().equals(evidence) && last.by().equals(by)) {
      return false;
    }
    known.add(new Evidence(loop.wallMillis(), evidence, by, rule));
    if (known.size() > EACH) {
      known.remove();
    }
    if (entries.size() > ADDRESSES) {
      Iterator<Authority> oldest = entries.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    changed = true;
    return true;
  }

  /** Returns everything, oldest first for each node. */
  Map<Authority, List<Evidence>> snapshot() {
    if (changed) {
      TreeMap<Authority, List<Evidence>> copy = new TreeMap<>();
      entries.forEach((address, known) -> copy.put(address, List.copyOf(known)));
      snapshot = Map.copyOf(copy);
      changed = false;
    }
    return snapshot;
  }

  void clear() {
    entries.clear();
    changed = true;
  }
}
