package io.thole.grains.run;

import io.thole.api.NodeId;
import io.thole.api.grain.CallReport;
import io.thole.api.grain.CallReport.NotSent;
import io.thole.api.grain.CallReport.NotSentReason;
import io.thole.api.grain.CallReport.Unknown;
import io.thole.api.grain.CallReport.UnknownReason;
import io.thole.grains.CallTable;
import io.thole.grains.CallTable.Answer;
import io.thole.grains.CallTable.Caller;
import io.thole.grains.CallTable.Ended;
import io.thole.grains.GrainRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The calls that this node makes, from one start to its stop: the {@link CallTable}, and with it the books, under the lock that
 * guards these. What ends is told after the lock is let go. Any thread.
 */
final class OpenCalls {
  private static final Unknown LOST = new Unknown(UnknownReason.NODE_LOST);

  private final Ledger ledger;
  private final Consumer<List<Ended>> told;
  private final Predicate<NodeId> isMember;
  private final Consumer<GrainRequest> back;
  private final CallTable table = new CallTable(); // these under the lock
  private boolean closing;
  private long late;

  /**
   * Makes a table without calls.
   *
   * @param isMember whether a node is in the view of this moment
   * @param back takes a call that is to be executed elsewhere; under the lock
   * @param told is told what has ended, without the lock
   */
  OpenCalls(
      Ledger ledger,
      Predicate<NodeId> isMember,
      Consumer<GrainRequest> back,
      Consumer<List<Ended>> told) {
    this.ledger = ledger;
    this.told = told;
    this.isMember = isMember;
    this.back = back;
  }

  /**
   * Takes a call in whose host is not known yet.
   *
   * @return why not, if it is refused; then it has no effect
   */
  Optional<NotSent> open(GrainRequest request, Caller end) {
    return ledger.locked(() -> admit(request, end));
  }

  /**
   * Takes a call in that is about to be handed to a node.
   *
   * @return why not, if it is refused; then it has no effect
   */
  Optional<NotSent> open(GrainRequest request, NodeId node, Caller end) {
    return ledger.locked(() -> {
      Optional<NotSent> refusal = admit(request, end);
      if (refusal.isEmpty()) {
        table.sent(request.call(), node);
      }
      return refusal;
    });
  }

  private Optional<NotSent> admit(GrainRequest request, Caller end) {
    if (closing) {
      return Optional.of(new NotSent(NotSentReason.CLOSING, "grains are stopping on this node"));
    }
    if (!table.open(request, end)) {
      return Optional.of(new NotSent(
          NotSentReason.BUSY, table.size() + " calls of this node are open, which is too many"));
    }
    ledger.books().called(request.id().kind());
    return Optional.empty();
  }

  /** Notes that a call is about to be handed to a node; false if it has ended meanwhile, and must not be. */
  boolean sent(long call, NodeId node) {
    return ledger.locked(() -> table.sent(call, node));
  }

  /** A node has certainly not executed a call: it goes back on its road, until its deadline. */
  void takeBack(long call, NodeId node, String why) {
    ledger.locked(() -> {
      Optional<GrainRequest> again = table.refused(call, node, why);
      again.ifPresent(back);
      return again;
    });
  }

  /** Ends a call that is with nobody. */
  void end(long call, CallReport report) {
    endAll(() -> table.end(call, report).stream().toList());
  }

  /** Ends a call with what a node has answered. */
  void answered(NodeId node, long call, CallReport report) {
    answered(node, List.of(new Answer(call, report)));
  }

  /**
   * Ends calls with what a node has answered. What a node has done of which this one holds that it left does not count: the
   * grain may live elsewhere by now.
   */
  void answered(NodeId node, List<Answer> answers) {
    boolean counts = isMember.test(node);
    endAll(() -> {
      List<Ended> ended = new ArrayList<>(answers.size());
      for (Answer answer : answers) {
        CallReport report = counts || answer.report() instanceof NotSent ? answer.report() : LOST;
        Optional<Ended> one = table.answered(answer.call(), node, report);
        if (one.isPresent()) {
          ended.add(one.get());
        } else {
          late++;
        }
      }
      return ended;
    });
  }

  /** The session with a node has ended, and with it what was asked of it. */
  void lost(NodeId node) {
    endAll(() -> table.lost(node));
  }

  /** Ends what was asked of nodes that are not in the view any more. */
  void checkMembers() {
    endAll(() -> table.lost(isMember.negate()));
  }

  /** Ends what has come to its deadline. */
  void expire(long nowNanos) {
    endAll(() -> table.expired(nowNanos));
  }

  /** Refuses what is new from now on. */
  void refuseNew() {
    ledger.locked(() -> closing = true);
  }

  /** Ends everything at once, and refuses what is new. */
  void close() {
    refuseNew();
    endAll(table::close);
  }

  int size() {
    return ledger.locked(table::size);
  }

  /** Returns how many answers came to calls that had ended, or from another node than the one asked. */
  long late() {
    return ledger.locked(() -> late);
  }

  private void endAll(Supplier<List<Ended>> decision) {
    List<Ended> ended = ledger.locked(() -> {
      List<Ended> decided = decision.get();
      for (Ended one : decided) {
        ledger.books().ended(one.request().id().kind(), one.report());
      }
      return decided;
    });
    told.accept(ended);
  }
}
