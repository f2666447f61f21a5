package io.thole.testkit;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The threads at one moment, to find those that a plug-in has left running.
 *
 * @param known the threads of that moment
 */
record ThreadCensus(Set<Thread> known) {
  /** Counts the threads that there are now. */
  static ThreadCensus now() {
    return new ThreadCensus(new HashSet<>(Thread.getAllStackTraces().keySet()));
  }

  /** Returns the names of the threads that came since and still run, less those that the Java runtime keeps for itself. */
  List<String> newcomers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !known.contains(thread) && thread.isAlive() && !ofTheRuntime(thread))
        .map(Thread::getName)
        .sorted()
        .toList();
  }

  /** Threads in the topmost group (compiler, cleaner, signals) and the common pool come and go as the runtime likes. */
  private static boolean ofTheRuntime(Thread thread) {
    ThreadGroup group = thread.getThreadGroup();
    return group == null
        || group.getParent() == null
        || thread.getName().startsWith("ForkJoinPool.commonPool-");
  }
}
