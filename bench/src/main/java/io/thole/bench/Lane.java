package io.thole.bench;

/**
 * A way to the other process: each measurement does the same work on every lane. For one thread; what is called back comes
 * from another.
 */
interface Lane extends AutoCloseable {
  /** How many subscribers there are over there for what is fanned out. */
  int FAN = 8;

  /**
   * Publishes a message to the one subscriber over there. Waits while too much is under way.
   *
   * @param payload copied before this returns; begins with its number and the time at which it was sent
   */
  void publish(byte[] payload);

  /**
   * Publishes a message to {@link #FAN} subscribers over there, otherwise as {@link #publish}.
   *
   * @param payload copied before this returns; begins with its number and the time at which it was sent
   */
  void fanOut(byte[] payload);

  /**
   * Waits until all that was published has the outcome that this lane knows of.
   *
   * @throws IllegalStateException if a message was not delivered
   */
  void settle();

  /**
   * Has a request answered with its own bytes.
   *
   * @param request copied before this returns
   * @param replied is called when the reply is there
   */
  void call(byte[] request, Runnable replied);

  /**
   * Has a request answered with its own bytes, and waits for it.
   *
   * @param request copied before this returns
   */
  void ask(byte[] request);

  @Override
  void close();
}
