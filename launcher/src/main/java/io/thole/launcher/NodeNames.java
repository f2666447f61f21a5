package io.thole.launcher;

import java.util.List;
import java.util.random.RandomGenerator;

/** Makes up names that a person can read out. */
final class NodeNames {
  private static final List<String> MANNERS = List.of(
      "bold", "brisk", "calm", "clear", "deft", "eager", "fair", "fleet", "glad", "keen", "light",
      "mild", "quick", "quiet", "ready", "steady", "still", "swift", "warm", "wise");
  private static final List<String> BOATS = List.of(
      "barge", "canoe", "coble", "currach", "dory", "ferry", "gig", "kayak", "ketch", "pram",
      "punt", "raft", "scull", "shell", "skiff", "sloop", "tender", "wherry", "yawl", "yole");

  private NodeNames() {}

  /** Returns a name such as {@code swift-wherry-42}. */
  static String next(RandomGenerator random) {
    return MANNERS.get(random.nextInt(MANNERS.size()))
        + "-"
        + BOATS.get(random.nextInt(BOATS.size()))
        + "-"
        + random.nextInt(10, 100);
  }
}
