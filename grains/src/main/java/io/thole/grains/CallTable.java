package io.thole.grains;

import io.thole.api.NodeId;
import io.thole.api.grain.CallReport;
import io.thole.api.grain.CallReport.NotSent;
import io.thole.api.grain.CallReport.NotSentReason;
import io.thole.api.grain.CallReport.Unknown;
import io.thole.api.grain.CallReport.UnknownReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The calls made on this node that have no outcome yet. Each leaves the table once, with the one who took it out. */
public final class CallTable {
  /** How many calls may be open: so that a caller that never waits is told, before the heap is. */
  public static final int OPEN_LIMIT = 65_536;

  /** How many bytes open calls may hold. */
  public static final long BYTES_LIMIT = 64 << 20;

  private static final int SMALLEST = 64; // places; a power of two

  /** The first open call of each place, found by the last bits of its number: a map would make objects for each number. */
  private @Nullable Open[] places = new Open[SMALLEST];

  private int size;
  private long bytes;

  /** Who has made a call, and is told its outcome once. */
  public interface Caller {
    /**
     * Takes the outcome in; runs nothing of an application.
     *
     * @return whether all is done with that; else the outcome is yet to be told
     */
    default boolean arrive(CallReport report) {
      return false;
    }

    /** Tells the outcome, where an application may do what it likes with it. */
    void tell(CallReport report);
  }

  /** An open call: {@code node} is where it was sent, and absent while it is certainly nowhere. */
  private static final class Open {
    final GrainRequest request;
    final Caller end;

    @Nullable
    Open next; // at the same place

    @Nullable
    NodeId node;

    String why = "its host is still being looked up";

    Open(GrainRequest request, Caller end) {
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
  public record Ended(GrainRequest request, CallReport report, Caller end) {}

  /** What a node has answered to one of the calls that it was asked. */
  public record Answer(long call, CallReport report) {}

  /**
   * Takes a call in.
   *
   * @return false if there is no room for it
   */
  public boolean open(GrainRequest request, Caller end) {
    if (size >= OPEN_LIMIT || bytes + request.weight() > BYTES_LIMIT) {
      return false;
    }
    if (size >= places.length) {
      grow();
    }
    put(new Open(request, end));
    size++;
    bytes += request.weight();
    return true;
  }

  private void grow() {
    List<Open> all = all();
    places = new Open[2 * places.length];
    all.forEach(this::put);
  }

  private void put(Open call) {
    int place = place(call.request.call());
    call.next = places[place];
    places[place] = call;
  }

  private int place(long call) {
    return (int) call & places.length - 1; // numbers are given in turn, and lie side by side
  }

  private @Nullable Open find(long call) {
    Open found = places[place(call)];
    while (found != null && found.request.call() != call) {
      found = found.next;
    }
    return found;
  }

  private List<Open> all() {
    List<Open> all = new ArrayList<>(size);
    for (Open first : places) {
      for (Open call = first; call != null; call = call.next) {
        all.add(call);
      }
    }
    return all;
  }

  /**
   * Notes that a call is about to be handed to a node.
   *
   * @return false if it has ended; then it must not be
   */
  public boolean sent(long call, NodeId node) {
    Open found = find(call);
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
    Open found = find(call);
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
    Open found = find(call);
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
    all().forEach(call -> call.why = "grains are stopping on this node");
    return endAll(call -> true, UnknownReason.NODE_LOST, NotSentReason.CLOSING);
  }

  /** Returns how many calls are open. */
  public int size() {
    return size;
  }

  private List<Ended> endAll(Predicate<Open> which, UnknownReason reason, NotSentReason unsent) {
    List<Ended> ended = new ArrayList<>();
    for (Open call : all()) {
      if (which.test(call)) {
        remove(call.request.call());
        ended.add(call.unheard(reason, unsent));
      }
    }
    return ended;
  }

  private Optional<Open> remove(long call) {
    Open found = find(call);
    if (found == null) {
      return Optional.empty();
    }
    int place = place(call);
    Open before = places[place];
    if (before == found) {
      places[place] = found.next;
    } else {
      while (before != null && before.next != found) {
        before = before.next;
      }
      Objects.requireNonNull(before).next = found.next;
    }
    size--;
    bytes -= found.request.weight();
    return Optional.of(found);
  }
}
