package io.thole.gossip;

/**
 * How gossip behaves. Durations are in nanoseconds. What a layer needs is off in {@link #swim} and {@link #lifeguard}, which are
 * kept to compare with: what they do is what their papers print.
 *
 * @param name what people call this set
 * @param probePeriodNanos how often a random member is probed (SWIM's protocol period)
 * @param probeTimeoutNanos how long a direct probe may take before others are asked to probe
 * @param indirectProbes how many are asked (SWIM's k)
 * @param ringSize how many successors on the hash ring are watched; 0 for plain SWIM
 * @param ringTimeoutNanos how long a direct probe of a watched one may take before others are asked
 * @param gossipPeriodNanos how often what is new is passed on
 * @param fanOut to how many
 * @param sendFactor each update is sent this often times log10(N + 1)
 * @param messageBytes the most that one message of gossip carries, unless much waits
 * @param suspicionFactor the least time of a suspicion in multiples of log10(N) probe periods (the papers' alpha)
 * @param suspicionGrowth the longest time of a suspicion in multiples of the least (beta); 1 where it does not decay
 * @param accusers how many independent accusers make a suspicion short (Lifeguard's K), and, where verdicts are certified, a
 *     verdict possible
 * @param localHealth whether a node that fails to hear slows its own probes down, and tells a suspect at once (Lifeguard)
 * @param certified whether a death needs the names of its accusers, only a node that hears others may accuse, and views are
 *     compared by digests: everything that makes it Thole's
 * @param quietNanos how long changes are gathered before they are published: until none came for so long
 * @param stormNanos the same where many came at once
 */
public record GossipSettings(
    String name,
    long probePeriodNanos,
    long probeTimeoutNanos,
    int indirectProbes,
    int ringSize,
    long ringTimeoutNanos,
    long gossipPeriodNanos,
    int fanOut,
    int sendFactor,
    int messageBytes,
    double suspicionFactor,
    double suspicionGrowth,
    int accusers,
    boolean localHealth,
    boolean certified,
    long quietNanos,
    long stormNanos) {

  private static final long MS = 1_000_000;

  /** Plain SWIM with the numbers of the Lifeguard paper: no decay, no local health. */
  public static GossipSettings swim() {
    return new GossipSettings(
        "swim", 1_000 * MS, 500 * MS, 3, 0, 0, 200 * MS, 3, 4, 1_400, 5, 1, 3, false, false, 0, 0);
  }

  /** SWIM with all three of Lifeguard's extensions, with the numbers of its paper. */
  public static GossipSettings lifeguard() {
    return new GossipSettings(
        "lifeguard",
        1_000 * MS,
        500 * MS,
        3,
        0,
        0,
        200 * MS,
        3,
        4,
        1_400,
        5,
        6,
        3,
        true,
        false,
        0,
        0);
  }

  /** What Thole does by default, in one data centre. */
  public static GossipSettings thole() {
    return new GossipSettings(
        "thole",
        1_000 * MS,
        500 * MS,
        3,
        6,
        200 * MS,
        100 * MS,
        4,
        4,
        1_400,
        1,
        10,
        3,
        true,
        true,
        50 * MS,
        400 * MS);
  }

  /** What suits one data centre, and what Thole does by default. */
  public static GossipSettings lan() {
    return thole();
  }

  /** What suits nodes on one machine, as in development and tests: answers are there at once, and so are verdicts. */
  public static GossipSettings local() {
    return new GossipSettings(
        "local", 500 * MS, 200 * MS, 3, 6, 100 * MS, 50 * MS, 4, 4, 1_400, 1, 10, 3, true, true,
        20 * MS, 100 * MS);
  }

  /** What suits nodes of several data centres: answers take their time, get lost more often, and cost more. */
  public static GossipSettings wan() {
    return new GossipSettings(
        "wan",
        5_000 * MS,
        3_000 * MS,
        3,
        6,
        1_500 * MS,
        500 * MS,
        4,
        4,
        1_400,
        1,
        10,
        3,
        true,
        true,
        250 * MS,
        1_000 * MS);
  }
}
