package io.thole.core;

import io.thole.api.Authority;
import io.thole.api.SwapReport;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One hand-over from the provider that runs to another. The new one starts in shadow; where it fails to, the old one has not
 * noticed. Cut-over is one step on the loop: what the new one said takes the place of what the old one said, the difference
 * is published, and only then the old one is stopped. Confined to the loop.
 */
final class ProviderHandover {
  private final NodeLoop loop;
  private final @Nullable PartRun old;
  private final NodeTopologyPublisher publisher;
  private final MemberList members;

  /**
   * Prepares a hand-over.
   *
   * @param old the run that ends, or null where no provider runs
   */
  ProviderHandover(
      NodeLoop loop, @Nullable PartRun old, NodeTopologyPublisher publisher, MemberList members) {
    this.loop = loop;
    this.old = old;
    this.publisher = publisher;
    this.members = members;
  }

  String from() {
    return old == null ? "none" : old.part().name();
  }

  /**
   * Cuts over to a run that has started in shadow.
   *
   * @param next the run
   * @return the figures
   */
  SwapReport cutOver(PartRun next) {
    long beganNanos = loop.nowNanos();
    List<Authority> before = members.view().authorities();
    if (old != null) {
      old.context().topology().close();
    }
    publisher.handOver(next.context().topology());
    List<Authority> after = members.view().authorities();
    return new SwapReport(
        from(),
        next.part().name(),
        without(after, before),
        without(before, after),
        members.view().version(),
        loop.nowNanos() - beganNanos);
  }

  private static List<Authority> without(List<Authority> these, List<Authority> those) {
    List<Authority> rest = new ArrayList<>(these);
    rest.removeAll(those);
    return rest;
  }
}
