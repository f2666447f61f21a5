package io.thole.gossip.run;

import io.thole.api.NodeId;

/** Records each verdict for JDK Flight Recorder, on a Java that has it; others are none the poorer. Any thread. */
final class VerdictRecording {
  private static volatile boolean absent;

  private VerdictRecording() {}

  /**
   * Records a verdict, if a recording wants it.
   *
   * @param member who was found dead
   * @param evidence on whose word
   * @param members how many are left
   */
  static void record(NodeId member, String evidence, int members) {
    if (absent) {
      return;
    }
    try {
      VerdictEvent.commit(member.toString(), evidence, members);
    } catch (NoClassDefFoundError withoutFlightRecorder) {
      absent = true; // it will not come while this runs
    }
  }
}
