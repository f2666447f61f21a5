package io.thole.testkit.swarm;

/**
 * Something that must not be.
 *
 * @param rule the name of the rule that was broken
 * @param step the number of the event after which it was seen
 * @param atNanos the virtual time
 * @param node the address of the node that broke it, or of those that did
 * @param detail what was seen, in one line
 */
public record Violation(String rule, long step, long atNanos, String node, String detail) {
  @Override
  public String toString() {
    return "%s at step %d, %.6f s, node %s: %s".formatted(rule, step, atNanos / 1e9, node, detail);
  }
}
