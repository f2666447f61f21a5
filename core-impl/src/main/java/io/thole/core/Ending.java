package io.thole.core;

import io.thole.api.ClusterException;
import org.jspecify.annotations.Nullable;

/**
 * Is told, once and on the loop, how a request ended.
 *
 * @param <T> what a success brings
 */
public interface Ending<T> {
  /**
   * The request was carried out, and its effect is shown.
   *
   * @param result what it brought; null where it brings nothing
   */
  void succeeded(@Nullable T result);

  /** The request was not carried out. */
  void failed(ClusterException reason);
}
