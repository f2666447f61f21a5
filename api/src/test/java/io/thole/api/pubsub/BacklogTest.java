package io.thole.api.pubsub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/** How much may wait for a subscription: delivery.md, P8. */
class BacklogTest {
  @Test // delivery.md 5
  void holdsOneMessageToTheLimitAndNotOneMore() {
    for (int messages : List.of(1, 2, Backlog.LIMIT - 1, Backlog.LIMIT)) {
      assertEquals(new Backlog(OverflowPolicy.DROP_NEWEST, messages), Backlog.dropNewest(messages));
      assertEquals(new Backlog(OverflowPolicy.DROP_OLDEST, messages), Backlog.dropOldest(messages));
    }
    for (int messages : List.of(Integer.MIN_VALUE, -1, 0, Backlog.LIMIT + 1)) {
      IllegalArgumentException refusal =
          assertThrows(IllegalArgumentException.class, () -> Backlog.dropOldest(messages));
      assertEquals(
          "a backlog of " + messages + " messages; allowed: 1 to 65536", refusal.getMessage());
      assertThrows(IllegalArgumentException.class, () -> Backlog.dropNewest(messages));
    }
  }

  @Test // else a publisher would wait for room that its credit has given it already
  void whereOthersWaitHowMuchIsNotForTheSubscriberToSay() {
    assertEquals(new Backlog(OverflowPolicy.WAIT, Backlog.LIMIT), Backlog.WAIT);
    assertThrows(IllegalArgumentException.class, () -> new Backlog(OverflowPolicy.WAIT, 100));
  }
}
