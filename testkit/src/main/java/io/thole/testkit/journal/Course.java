package io.thole.testkit.journal;

/** The way from one publisher to one subscription, or from one caller to one activation, and how far it has come. */
final class Course {
  /**
   * What makes it this one.
   *
   * @param run the run that handles
   * @param scope the topic or kind
   * @param from the run that published or called
   * @param publisher the node that published: a node that starts anew begins anew
   * @param place the subscription or activation
   */
  record Ends(String run, String scope, String from, String publisher, String place) {
    static Ends of(String run, JournalRecord.Handled call) {
      return new Ends(run, call.scope(), call.from(), call.publisher(), call.place());
    }
  }

  private long last;

  /** Goes on to a sequence, and tells whether it lies ahead of all before it. */
  boolean advance(long sequence) {
    boolean ahead = sequence > last;
    last = Math.max(last, sequence);
    return ahead;
  }
}
