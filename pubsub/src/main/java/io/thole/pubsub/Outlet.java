package io.thole.pubsub;

/** The way back to whoever streams: is told that an {@link Inlet} has something to say. Any thread. */
interface Outlet {
  /** An inlet has begun, or has ended something; what it says is fetched later, with whatever is due by then. */
  void owe(Inlet inlet);

  /** It is time to say it; another thread does. */
  void flush();

  /** Says it, unless another thread is just doing so. On a worker, with no lock held. */
  void say();

  /** The same, but it may wait for a millisecond, and for some more while others do it often, so that more is said at once. */
  void saySoon();

  /** Takes memory for what is kept for the publisher; false if there is none. */
  boolean take(long bytes);

  /** Gives it back. */
  void give(long bytes);

  /** Says at once how far a stream is where it was let in nowhere, or not at all. On the thread that brings the stream. */
  boolean tell(PeerMessage.Progressed progress);
}
