package io.thole.core.run;

import static io.thole.core.run.Vigil.DOUBT_NANOS;
import static io.thole.core.run.Vigil.STOPPED_NANOS;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class VigilTest {
  /** The clock wraps around soon after. */
  private final long alarmNanos = Math.subtractExact(Long.MAX_VALUE, 5);

  private final Vigil vigil = new Vigil();

  @Test
  void doubtsOnceTheAlarmWasMissedForLong() {
    vigil.sleep(alarmNanos);

    assertFalse(vigil.doubts(alarmNanos - 1));
    assertFalse(vigil.doubts(alarmNanos + STOPPED_NANOS - 1));
    assertTrue(vigil.doubts(alarmNanos + STOPPED_NANOS));
  }

  @Test
  void doubtsForAWhileAfterItAwoke() {
    vigil.sleep(alarmNanos);
    long lateNanos = alarmNanos + STOPPED_NANOS;
    vigil.awake(lateNanos);

    vigil.sleep(lateNanos + DOUBT_NANOS);
    vigil.awake(lateNanos + DOUBT_NANOS - 1); // in time, which takes nothing back

    assertTrue(vigil.doubts(lateNanos + DOUBT_NANOS - 1));
    assertFalse(vigil.doubts(lateNanos + DOUBT_NANOS));
  }

  @Test
  void doubtsNothingWhileItSleepsAsItMeansToOrIsAwake() {
    assertFalse(vigil.doubts(alarmNanos));
    vigil.sleep(alarmNanos);
    vigil.awake(alarmNanos + STOPPED_NANOS - 1);

    assertFalse(vigil.doubts(alarmNanos + 2 * STOPPED_NANOS));
  }
}
