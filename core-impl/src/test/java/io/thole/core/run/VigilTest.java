package io.thole.core.run;

import static io.thole.core.run.Vigil.DOUBT_NANOS;
import static io.thole.core.run.Vigil.STOPPED_NANOS;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class VigilTest {
  private static final long ALARM = Long.MAX_VALUE - 5; // the clock wraps around soon after

  private final Vigil vigil = new Vigil();

  @Test
  void doubtsOnceTheAlarmWasMissedForLong() {
    vigil.sleep(ALARM);

    assertFalse(vigil.doubts(ALARM - 1));
    assertFalse(vigil.doubts(ALARM + STOPPED_NANOS - 1));
    assertTrue(vigil.doubts(ALARM + STOPPED_NANOS));
  }

  @Test
  void doubtsForAWhileAfterItAwoke() {
    vigil.sleep(ALARM);
    long lateNanos = ALARM + STOPPED_NANOS;
    vigil.awake(lateNanos);

    vigil.sleep(lateNanos + DOUBT_NANOS);
    vigil.awake(lateNanos + DOUBT_NANOS - 1); // in time, which takes nothing back

    assertTrue(vigil.doubts(lateNanos + DOUBT_NANOS - 1));
    assertFalse(vigil.doubts(lateNanos + DOUBT_NANOS));
  }

  @Test
  void doubtsNothingWhileItSleepsAsItMeansToOrIsAwake() {
    assertFalse(vigil.doubts(ALARM));
    vigil.sleep(ALARM);
    vigil.awake(ALARM + STOPPED_NANOS - 1);

    assertFalse(vigil.doubts(ALARM + 2 * STOPPED_NANOS));
  }
}
