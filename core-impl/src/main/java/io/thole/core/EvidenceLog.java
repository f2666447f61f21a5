package io.thole.core;

import io.thole.api.Authority;
import io.thole.api.Evidence;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is known about nodes and who said so: the last of each, of those that were last heard of. Confined to the loop. */
final class EvidenceLog {
  private static final int ADDRESSES = 1_024;
  private static final int EACH = 32;

  private final NodeLoop loop;
  private final LinkedHashMap<Authority, List<Evidence>> entries = // lists that never change
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
    List<Evidence> known = entries.getOrDefault(about, List.of());
    Evidence last = known.isEmpty() ? null : known.get(known.size() - 1);
    if (last != null && last.evidence().equals(evidence) && last.by().equals(by)) {
      return false;
    }
    entries.put(about, with(new Evidence(loop.wallMillis(), evidence, by, rule), known));
    if (entries.size() > ADDRESSES) {
      Iterator<Authority> oldest = entries.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    changed = true;
    return true;
  }

  private static List<Evidence> with(Evidence next, List<Evidence> known) {
    int kept = Math.min(known.size(), EACH - 1);
    Evidence[] all =
        known.subList(known.size() - kept, known.size()).toArray(new Evidence[kept + 1]);
    all[kept] = next;
    return Collections.unmodifiableList(Arrays.asList(all));
  }

  /** Returns everything, oldest first for each node. */
  Map<Authority, List<Evidence>> snapshot() {
    if (changed) {
      snapshot = Map.copyOf(entries);
      changed = false;
    }
    return snapshot;
  }

  void clear() {
    entries.clear();
    changed = true;
  }
}
