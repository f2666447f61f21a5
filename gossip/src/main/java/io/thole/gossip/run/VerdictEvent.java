package io.thole.gossip.run;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A verdict as Flight Recorder shows it. Loaded by {@link VerdictRecording} alone, which does without. */
@Name("io.thole.MemberFailed")
@Label("Member Failed")
@Description("A member was found dead and leaves this node's view")
@Category({"Thole", "Membership"})
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // the fields are read by Flight Recorder
final class VerdictEvent extends Event {
  @Label("Member")
  private final String member;

  @Label("Evidence")
  private final String evidence;

  @Label("Members Left")
  private final int membersLeft;

  private VerdictEvent(String member, String evidence, int membersLeft) {
    this.member = member;
    this.evidence = evidence;
    this.membersLeft = membersLeft;
  }

  static void commit(String member, String evidence, int membersLeft) {
    new VerdictEvent(member, evidence, membersLeft).commit();
  }
}
