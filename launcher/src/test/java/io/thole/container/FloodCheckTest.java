package io.thole.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.thole.container.flood.FloodCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether the check of a flood sees each lie, wherever in the flood it is. */
class FloodCheckTest {
  private static final int COUNT = 10_000;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, COUNT})
  void isCleanWhereAllIsThereOnceAndInOrder(int count) {
    assertEquals(FloodCheck.clean(count), verdict(count, honest(count)));
  }

  @ParameterizedTest
  @CsvSource({
    "lost, 'handled=9999 lost=1 duplicated=0 reordered=0 foreign=0'",
    "duplicated, 'handled=10000 lost=0 duplicated=1 reordered=0 foreign=0'",
    "reordered, 'handled=10000 lost=0 duplicated=0 reordered=1 foreign=0'",
    "foreign, 'handled=10000 lost=0 duplicated=0 reordered=0 foreign=1'",
    "swapped for another, 'handled=9999 lost=1 duplicated=1 reordered=0 foreign=0'"
  })
  void seesEachLie(String lie, String verdict) {
    for (long seed = 1; seed <= 20; seed++) {
      int at = new Random(seed).nextInt(COUNT - 2);
      List<Long> told = honest(COUNT);
      switch (lie) {
        case "lost" -> told.remove(at);
        case "duplicated" -> told.add(told.get(at));
        case "reordered" -> told.add(at, told.remove(at + 1));
        case "foreign" -> told.add(at, (long) COUNT + 1);
        default -> told.set(at + 1, told.get(at));
      }

      String found = verdict(COUNT, told);

      assertNotEquals(FloodCheck.clean(COUNT), found);
      assertEquals(verdict, found, () -> lie + " at " + at);
    }
  }

  private static List<Long> honest(int count) {
    return new ArrayList<>(LongStream.rangeClosed(1, count).boxed().toList());
  }

  private static String verdict(int count, List<Long> told) {
    FloodCheck check = new FloodCheck(count);
    told.forEach(check::take);
    return check.verdict();
  }
}
