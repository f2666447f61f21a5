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

  /**
   * Makes an ending that does the same in both cases.
   *
   * @param <T> what a success brings
   * @param ended what is run
   */
  static <T> Ending<T> either(Runnable ended) {
    return new Ending<>() {
      @Override
      public void succeeded(@Nullable T result) {
        ended.run();
      }

      @Override
      public void failed(ClusterException reason) {
        ended.run();
      }
    };
  }
}
