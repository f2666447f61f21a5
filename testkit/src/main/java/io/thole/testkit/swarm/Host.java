package io.thole.testkit.swarm;

/** The machine on which a process runs, as the network sees it. */
interface Host {
  /** Returns its place: the number of its address. */
  int place();

  /** Has the process take what arrives: at once, or, where it stands still or does not listen, once it can. */
  void receive(Runnable input);

  /** Returns until when nothing that the process sends leaves it; a time in the past if it is not blocked. */
  long mutedUntilNanos();
}
