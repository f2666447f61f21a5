package io.thole.spi;

import io.thole.api.BlockEntry;
import java.util.Collection;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Says who is refused, beside what the node's operator says.
 *
 * <ol>
 *   <li>{@link #entries()} answers from memory and does not block: it is asked on the node's loop. If it throws, the last
 *       list is kept and the failure reported once.
 *   <li>After each change it runs what {@link #watch} was given, from any thread.
 * </ol>
 */
@ConsumerType
public interface BlockListProvider {
  /** Returns the name by which people know it; the source of its entries. */
  String name();

  /** Returns every entry in force. */
  Collection<BlockEntry> entries();

  /**
   * Has the node told of changes. It asks again for the entries.
   *
   * @param changed is run after each change; never blocks
   * @return ends this when closed
   */
  AutoCloseable watch(Runnable changed);
}
