package io.thole.core.grain;

import io.thole.api.NodeId;
import io.thole.api.grain.CallReport;
import io.thole.api.grain.CallReport.NotSent;
import io.thole.api.grain.CallReport.NotSentReason;
import io.thole.api.grain.CallReport.Unknown;
import io.thole.api.grain.CallReport.UnknownReason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The calls made on this node that have no outcome yet. Each leaves the table once, with the one who took it out. */
public final class CallTable {
  /** How many calls may be open: so that a caller that never waits is told, before the heap is. */
  public static final int OPEN_LIMIT = 65_536;

  /** How many bytes open calls may hold. */
  public static final long BYTES_LIMIT = 64 << 20;

  private final Map<Long, Open> open = new HashMap<>();
  private long bytes;

  /** An open call: {@code node} is where it was sent, and absent while it is certainly nowhere. */
  private static final class Open {
    final GrainRequest request;
    final Consumer<CallReport> end;

    @Nullable
    NodeId node;

    String why = "its host is still being looked up";

    Open(GrainRequest request, Consumer<CallReport> end) {
      this.request = request;
      this.end = end;
    }

    Ended with(CallReport report) {
      return new Ended(request, report, end);
    }

    Ended unheard(UnknownReason reason, NotSentReason unsent) {
      return node == null
          ? with(new NotSent(unsent, request.id() + " was not called: " + why))
          : with(new Unknown(reason));
    }
  }

  /**
   * A call that has an outcome and is to be told.
   *
   * @param request the call
   * @param report its outcome
   * @param end who is to be told
   */
  public record Ended(GrainRequest request, CallReport report, Consumer<CallReport> end) {}

  /**
   * Takes a call in.
   *
   * @return false if there is no room for it
   */
  public boolean open(GrainRequest request, Consumer<CallReport> end) {
    if (open.size() >= OPEN_LIMIT || bytes + request.weight() > BYTES_LIMIT) {
      return false;
    }
    open.put(request.call(), new Open(request, end));
    bytes += request.weight();
    return true;
  }

  /**
   * Notes that a call is about to be handed to a node.
   *
   * @return false if it has ended; then it must not be
   */
  public boolean sent(long call, NodeId node) {
    Open found = open.get(call);
    if (found != null) {
      found.node = node;
    }
    return found != null;
  }

  /**
   * Notes that a node has certainly not executed a call.
   *
   * @param node who was asked
   * @param why for people
   * @return the call, if it is still to be executed; it is not if that node was not the one asked
   */
  public Optional<GrainRequest> refused(long call, NodeId node, String why) {
    Open found = open.get(call);
    if (found == null || !node.equals(found.node)) {
      return Optional.empty();
    }
    found.node = null;
    found.why = why;
    return Optional.of(found.request);
  }

  /**
   * Ends a call that is with nobody.
   *
   * @return nothing if it has ended
   */
  public Optional<Ended> end(long call, CallReport report) {
    return remove(call).map(ended -> ended.with(report));
  }

  /**
   * Ends a call with what a node has answered.
   *
   * @param node who answers; an answer of anyone but the one asked counts for nothing
   * @return nothing if it has ended
   */
  public Optional<Ended> answered(long call, NodeId node, CallReport report) {
    Open found = open.get(call);
    return found == null || !node.equals(found.node) ? Optional.empty() : end(call, report);
  }

  /** Ends what was sent to a node that is lost. */
  public List<Ended> lost(NodeId node) {
    return lost(node::equals);
  }

  /** Ends what was sent to nodes that are lost. */
  public List<Ended> lost(Predicate<NodeId> which) {
    return endAll(
        call -> call.node != null && which.test(call.node),
        UnknownReason.NODE_LOST,
        NotSentReason.NO_HOST);
  }

  /** Ends what has come to its deadline: what is with nobody was certainly not executed. */
  public List<Ended> expired(long nowNanos) {
    return endAll(
        call -> call.request.expired(nowNanos), UnknownReason.TIMEOUT, NotSentReason.NO_HOST);
  }

  /** Ends everything: the node closes. */
  public List<Ended> close() {
    open.values().forEach(call -> call.why = "the node is stopping");
    return endAll(call -> true, UnknownReason.NODE_LOST, NotSentReason.CLOSING);
  }

  /** Returns how many calls are open. */
  public int size() {
    return open.size();
  }

  private List<Ended> endAll(Predicate<Open> which, UnknownReason reason, NotSentReason unsent) {
    List<Ended> ended = new ArrayList<>();
    for (Open call : List.copyOf(open.values())) {
      if (which.test(call)) {
        remove(call.request.call());
        ended.add(call.unheard(reason, unsent));
      }
    }
    return ended;
  }

  private Optional<Open> remove(long call) {
    Open removed = open.remove(call);
    if (removed != null) {
      bytes -= removed.request.weight();
    }
    return Optional.ofNullable(removed);
  }
}
