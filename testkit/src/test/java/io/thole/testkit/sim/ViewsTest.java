package io.thole.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

class ViewsTest {
  private final Views views = new Views();

  @Test
  void areRightWhenEveryoneWhoIsThereHasPublishedExactlyThose() {
    begin(0);
    begin(1);
    assertEquals(2, views.wrong());

    views.take(0, true, 1);
    assertEquals(1, views.wrong());
    views.take(1, true, 0);

    assertTrue(views.allRight());
  }

  @Test
  void areWrongAgainWhenOneIsGoneUntilTheRestSaysSo() {
    begin(0);
    begin(1, 0);
    views.take(0, true, 1);
    assertTrue(views.allRight());

    views.end(1);
    assertFalse(views.allRight());
    assertEquals(1, views.wrong());
    views.take(0, false, 1);

    assertTrue(views.allRight());
  }

  @Test
  void countPublicationsAndTheirSizesFromWhereTheyAreAsked() {
    begin(0);
    views.take(0, true, 1);
    views.complete(0);
    views.countFromHere();

    views.take(0, true, 2);
    views.complete(0);
    views.take(0, false, 2);
    views.complete(0);
    views.take(0, true, 2);
    views.complete(0);

    assertEquals(3, views.publications());
    assertEquals(2, views.distinctSizes()); // 3, 2, 3
  }

  private void begin(int node, int... others) {
    BitSet known = new BitSet();
    known.set(node);
    for (int other : others) {
      known.set(other);
    }
    views.begin(known);
  }
}
