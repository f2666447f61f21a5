package io.thole.spi;

import io.thole.api.Account;
import io.thole.api.grain.GrainKind;
import io.thole.api.grain.Grains;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Virtual actors as a part of the node: calls grains wherever they live, and hosts those of the kinds that this node has.
 *
 * <ol>
 *   <li>The kinds are the node's: {@link PartContext#kind} says what makes the grains of one at this moment, and peers are told
 *       their names whether this part runs or not. While it does not, nobody can be served here; callers wait, until their
 *       deadline.
 *   <li>A start that fails throws and leaves nothing behind; start and stop may block for at most 5 s.
 *   <li>Before its start and after its stop, what {@link #grains} returns refuses everything with the reason.
 *   <li>Every call that was accepted has an outcome, at the latest when {@link #stop} returns.
 * </ol>
 */
@ConsumerType
public interface ClusterGrains {
  /** Returns the name by which people know it. */
  String name();

  /**
   * Starts.
   *
   * @param context what it is given; valid until {@link #stop} returns
   */
  void start(PartContext context);

  /**
   * Prepares a graceful stop: from now on it refuses what is new, and lets what is open come to its end. Returns at once.
   *
   * @param drained runs once nothing is open, on any thread; {@link #stop} follows, or comes without that after 2 s
   */
  void drain(Runnable drained);

  /** Stops, and ends whatever is open. */
  void stop();

  /**
   * A kind goes, and {@link PartContext#kind} does not say it any more: its grains here end, those that serve after their turn.
   * Called on the node's loop; returns at once.
   *
   * @param kind what made them
   * @param gone runs once none of them serves any more, or after 2 s, on any thread: then the kind's bundle may go
   */
  void remove(GrainKind kind, Runnable gone);

  /** Returns what applications use; the same object always. */
  Grains grains();

  /** Returns how many grains live on this node; any thread, cheap. */
  int activations();

  /** Returns the accounts of the calls that were made on this node, one for each kind; any thread. */
  List<Account> accounts();
}
