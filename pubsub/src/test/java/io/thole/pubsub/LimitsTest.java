package io.thole.pubsub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.api.pubsub.Topic;
import org.junit.jupiter.api.Test;

/** The limits of delivery.md, section 5, and others that strangers could reach. */
class LimitsTest {
  private static final NodeId NODE = new NodeId(new Authority("127.0.0.1", 26_050), 1);
  private static final Topic NEWS = new Topic("news");

  @Test
  void aTopicMoreThanTheLimitHasNoRoute() {
    Routes routes = new Routes();
    for (int i = 0; i < Routes.TOPICS; i++) {
      assertTrue(routes.add(new Target(NODE, i, new Topic("t" + i))));
    }

    assertFalse(routes.add(new Target(NODE, -1, NEWS)));
    assertTrue(routes.add(new Target(NODE, -2, new Topic("t7"))));
    assertEquals(Routes.TOPICS, routes.topics().size());
  }

  @Test
  void topicsBeyondTheNamedOnesShareAnAccount() {
    Books books = new Books();
    for (int i = 0; i < Books.NAMED + 2; i++) {
      books.of(new Topic("t" + i)).refused();
    }

    assertEquals(Books.NAMED + 1, books.read().size());
    assertEquals("topic (others)", books.read().get(Books.NAMED).scope());
    assertEquals(2, books.read().get(Books.NAMED).refused());
  }

  @Test // P8
  void aWindowHasItsMessagesAndItsBytesAndNotOneMore() {
    Target messages = new Target(NODE, 1, NEWS);
    for (int i = 0; i < Target.MESSAGES; i++) {
      assertTrue(messages.take(0));
    }
    Target bytes = new Target(NODE, 2, NEWS);
    assertTrue(bytes.take((int) Target.BYTES - 1));

    assertFalse(messages.take(0));
    assertFalse(bytes.take(2));
    assertTrue(bytes.take(1));
    messages.give(0);
    assertTrue(messages.take(0));
  }

  @Test // I9
  void subscriptionsThatStandStillLeaveRoomForOthers() {
    ReceiveBudget budget = new ReceiveBudget(1_200);
    long[] held = new long[3];
    for (int stuck = 0; stuck < held.length; stuck++) {
      while (budget.take(1, held[stuck])) {
        held[stuck]++;
      }
    }

    assertTrue(budget.take(100, 0), "held: " + held[0] + " " + held[1] + " " + held[2]);
    assertTrue(budget.take(1, 10));
    assertFalse(budget.take(1_000, 0));
  }
}
