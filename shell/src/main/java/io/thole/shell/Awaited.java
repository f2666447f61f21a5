package io.thole.shell;

import io.thole.api.Escaped;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What comes out of a stage that a command waits for. */
final class Awaited {
  /** Longer than any limit of the node that a command can run into: a part's start and stop have 5 s each. */
  static final Duration LIMIT = Duration.ofSeconds(10);

  private Awaited() {}

  /**
   * Waits for a stage.
   *
   * @param stage what to wait for
   * @param limit for how long
   * @return what it completed with
   * @throws CommandFailedException if it failed, with the message of what it failed with; if it took longer, or if the
   *     waiting was interrupted, in which case it goes on
   */
  static <T> T of(CompletionStage<T> stage, Duration limit) {
    try {
      return stage.toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new CommandFailedException(
          "no answer within " + limit.toSeconds() + " s; it goes on, see: events, doctor", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailedException("interrupted; what was asked for goes on, see: events", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String message = cause.getMessage();
      throw new CommandFailedException(
          Escaped.plain(message == null ? cause.toString() : message), cause);
    }
  }
}
