package io.thole.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class NetworkTest {
  private static final long SEED = 5;
  private static final int MESSAGES = 100_000;

  @Test
  void delaysEachMessageByWhatALocalNetworkTakes() {
    Network network = new Network(SEED);

    long sum = 0;
    for (int i = 0; i < MESSAGES; i++) {
      long travel = network.travelNanos(0, 1);
      sum += travel;
      assertTrue(travel >= 200_000 && travel <= 1_000_000, travel + " ns, seed " + SEED);
    }

    assertEquals(396_000, sum / (double) MESSAGES, 5_000, "seed " + SEED);
  }

  @Test
  void losesTheShareThatIsAskedFor() {
    for (double share : new double[] {0, 0.1, 0.3, 1}) {
      Network network = new Network(SEED);
      network.lose(share);

      int lost = 0;
      for (int i = 0; i < MESSAGES; i++) {
        lost += network.travelNanos(0, 1) == Network.LOST ? 1 : 0;
      }

      assertEquals(share, lost / (double) MESSAGES, share == 0 || share == 1 ? 0 : 0.005);
    }
  }

  @Test
  void passesNothingBetweenTheSidesOfAPartitionUntilItHeals() {
    Network network = new Network(SEED);

    network.cut(new byte[] {0, 0, 1});
    assertEquals(Network.LOST, network.travelNanos(0, 2));
    assertEquals(Network.LOST, network.travelNanos(2, 1));
    assertNotEquals(Network.LOST, network.travelNanos(0, 1));

    network.heal();
    assertNotEquals(Network.LOST, network.travelNanos(0, 2));
  }
}
