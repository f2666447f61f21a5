package io.thole.grains;

import io.thole.api.NodeId;
import io.thole.api.grain.GrainStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The questions for live activations that this node has asked and that have not ended. Their ends are for the caller to run. */
public final class Surveys {
  /** How many activations are taken of one node: a list for people. */
  public static final int LIVE_LIMIT = 10_000;

  private final Map<Long, Survey> open = new HashMap<>();

  /** A question; {@code told} holds how many activations each node that is still waited for has told. */
  private record Survey(
      Map<NodeId, Integer> told,
      List<GrainStatus> found,
      long deadlineNanos,
      Consumer<List<GrainStatus>> end) {
    Runnable ended() {
      List<GrainStatus> sorted = found.stream()
          .sorted(
              Comparator.<GrainStatus, String>comparing(status -> status.id().toString())
                  .thenComparing(GrainStatus::node))
          .toList();
      return () -> end.accept(sorted);
    }
  }

  /**
   * Notes a question.
   *
   * @param asked who is waited for
   * @param own what lives on this node
   */
  public void open(
      long number,
      Collection<NodeId> asked,
      List<GrainStatus> own,
      long deadlineNanos,
      Consumer<List<GrainStatus>> end) {
    Map<NodeId, Integer> told = new HashMap<>();
    asked.forEach(node -> told.put(node, 0));
    open.put(number, new Survey(told, new ArrayList<>(own), deadlineNanos, end));
  }

  /**
   * Takes an answer.
   *
   * @return the ends of what is thereby complete
   */
  public List<Runnable> told(NodeId from, GrainMessage.Live answer) {
    Survey survey = open.get(answer.number());
    Integer before = survey == null ? null : survey.told.get(from);
    if (survey == null || before == null) {
      return List.of();
    }
    int taken = Math.min(answer.live().size(), LIVE_LIMIT - before);
    survey.found.addAll(answer.live().subList(0, taken));
    survey.told.put(from, before + taken);
    if (answer.last()) {
      survey.told.remove(from);
    }
    return end(complete -> complete.told.isEmpty());
  }

  /** Ceases to wait for a node. */
  public List<Runnable> lost(NodeId node) {
    open.values().forEach(survey -> survey.told.remove(node));
    return end(survey -> survey.told.isEmpty());
  }

  /** Ends what has come to its deadline. */
  public List<Runnable> expired(long nowNanos) {
    return end(survey -> nowNanos - survey.deadlineNanos >= 0);
  }

  /** Ends what waits for nobody, as where nobody was asked. */
  public List<Runnable> complete() {
    return end(survey -> survey.told.isEmpty());
  }

  /** Ends everything. */
  public List<Runnable> close() {
    return end(survey -> true);
  }

  /** Returns how many are open. */
  public int size() {
    return open.size();
  }

  private List<Runnable> end(Predicate<Survey> which) {
    List<Runnable> ends =
        open.values().stream().filter(which).map(Survey::ended).toList();
    open.values().removeIf(which);
    return ends;
  }
}
