package io.thole.testkit.swarm;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/**
 * The kinds of faults that a simulation may draw from. Which of them a run has, when and how much, its seed decides.
 *
 * @param kinds the kinds
 */
public record Faults(Set<Fault> kinds) {
  /** Copies the set. */
  public Faults {
    EnumSet<Fault> copy = EnumSet.noneOf(Fault.class); // whose order is defined
    copy.addAll(kinds);
    kinds = copy;
  }

  /** Returns no faults: a calm network. */
  public static Faults none() {
    return new Faults(Set.of());
  }

  /** Returns every kind that there is. */
  public static Faults all() {
    return new Faults(EnumSet.allOf(Fault.class));
  }

  /** Returns some kinds. */
  public static Faults of(Fault... kinds) {
    return new Faults(Set.copyOf(Arrays.asList(kinds)));
  }

  /** Returns these without some kinds. */
  public Faults except(Fault... others) {
    EnumSet<Fault> left = EnumSet.noneOf(Fault.class);
    left.addAll(kinds);
    left.removeAll(Arrays.asList(others));
    return new Faults(left);
  }

  /** Returns the kinds of these labels. */
  static Faults labelled(Collection<String> labels) {
    EnumSet<Fault> kinds = EnumSet.noneOf(Fault.class);
    labels.forEach(label -> kinds.add(Fault.of(label)));
    return new Faults(kinds);
  }

  @Override
  public Set<Fault> kinds() {
    return EnumSet.copyOf(kinds.isEmpty() ? EnumSet.noneOf(Fault.class) : kinds);
  }
}
