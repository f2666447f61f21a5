package io.thole.testkit.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Decodes damaged encodings, by the thousand in a test suite and by the million in a job of its own, and fails when a decoder
 *
 * <ol>
 *   <li>throws;
 *   <li>allocates more than a constant and an allowance for each byte that came: lengths and counts are words of strangers;
 *   <li>has made of an input what contradicts it, as its {@link Judge} finds;
 *   <li>was never brought to a state that it must be brought to: such a run would prove nothing.
 * </ol>
 *
 * The same seed makes the same inputs. Some of those that reached a state are damaged further, so that what is reached rarely is
 * reached more often. For one thread.
 *
 * @param <R> what the decoder makes of bytes
 */
public final class Fuzzer<R> {
  /** The system property that says how many inputs there are. */
  public static final String INPUTS = "thole.fuzz.inputs";

  /** The system property that says what to begin with. */
  public static final String SEED = "thole.fuzz.seed";

  private static final long USUAL_INPUTS = 20_000;
  private static final long USUAL_SEED = 20_261_126;

  /** Classes are loaded and lambdas linked within these; a later one that allocates too much is decoded again. */
  private static final int WARM_UP = 1_000;

  /** So many inputs of each state are kept to be damaged further. */
  private static final int KEPT = 32;

  /** What {@link #decode} itself and the trace of an exception that the decoder catches may take. */
  private static final long USUAL_BYTES = 8 << 10;

  private static final int SHOWN_BYTES = 512;

  private final String name;
  private final Function<SplittableRandom, byte[]> sound;
  private final Decoder<R> decoder;
  private final Judge<R> judge;
  private final Set<String> required;
  private final int perByte;
  private final long beside;

  private Fuzzer(
      String name,
      Function<SplittableRandom, byte[]> sound,
      Decoder<R> decoder,
      Judge<R> judge,
      Set<String> required,
      int perByte,
      long beside) {
    this.name = name;
    this.sound = sound;
    this.decoder = decoder;
    this.judge = judge;
    this.required = required;
    this.perByte = perByte;
    this.beside = beside;
  }

  /**
   * Returns a fuzzer that asks for no state yet, and allows 16 bytes for each that came.
   *
   * @param name what is fuzzed, for people
   * @param sound makes encodings of all that can be said, long ones among them
   * @param decoder what is fuzzed
   * @param judge says what became of an input
   */
  public static <R> Fuzzer<R> of(
      String name, Function<SplittableRandom, byte[]> sound, Decoder<R> decoder, Judge<R> judge) {
    return new Fuzzer<>(name, sound, decoder, judge, Set.of(), 16, USUAL_BYTES);
  }

  /** Asks for these states too: each must be reached. */
  public Fuzzer<R> reaching(String... states) {
    Set<String> all = new LinkedHashSet<>(required);
    all.addAll(List.of(states));
    return new Fuzzer<>(name, sound, decoder, judge, all, perByte, beside);
  }

  /**
   * Allows other allocations.
   *
   * @param bytesPerByte for each byte that came: what the values cost that are made of the shortest encodings
   * @param bytesBeside for whatever came
   */
  public Fuzzer<R> allocating(int bytesPerByte, long bytesBeside) {
    return new Fuzzer<>(name, sound, decoder, judge, required, bytesPerByte, bytesBeside);
  }

  /**
   * Runs with as many inputs as {@value #INPUTS} says, else 20,000, from the seed that {@value #SEED} says, and prints the report.
   *
   * @throws AssertionError with the seed and the input, if the decoder fails
   */
  public FuzzReport run() {
    FuzzReport report = run(Long.getLong(INPUTS, USUAL_INPUTS), Long.getLong(SEED, USUAL_SEED));
    System.out.println(report);
    return report;
  }

  /**
   * Runs.
   *
   * @param inputs how many
   * @param seed what to begin with
   * @throws AssertionError with the seed and the input, if the decoder fails
   */
  public FuzzReport run(long inputs, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Mutator mutator = new Mutator(random);
    Map<String, Long> states = new TreeMap<>();
    Map<String, List<byte[]>> kept = new HashMap<>();
    List<byte[]> pool = new ArrayList<>();
    long mostBytes = 0;
    long mostBeside = 0;
    long beganNanos = System.nanoTime();
    for (long number = 0; number < inputs; number++) {
      byte[] input = mutator.next(() -> pool.isEmpty() || random.nextInt(3) > 0
          ? sound.apply(random)
          : pool.get(random.nextInt(pool.size())));
      try {
        long bytes = decode(input, states, kept, pool);
        if (number >= WARM_UP) {
          bytes = bytes - allowed(input) > 0 ? Math.min(bytes, again(input)) : bytes;
          mostBytes = Math.max(mostBytes, bytes);
          mostBeside = Math.max(mostBeside, bytes - (long) perByte * input.length);
          checkBytes(bytes, input);
        }
      } catch (Throwable failure) { // whatever a decoder throws is what is looked for
        throw new AssertionError(where(number, seed, input) + ": " + failure, failure);
      }
    }
    checkReached(states, inputs, seed);
    long nanos = System.nanoTime() - beganNanos;
    return new FuzzReport(name, seed, inputs, states, mostBytes, mostBeside, nanos);
  }

  /** Decodes an input, counts what it has reached, and returns what was allocated. */
  private long decode(
      byte[] input, Map<String, Long> states, Map<String, List<byte[]>> kept, List<byte[]> pool) {
    ByteBuffer bytes = ByteBuffer.wrap(input.clone());
    long before = allocated();
    R decoded = decoder.decode(bytes);
    long taken = allocated() - before;
    for (String state : judge.states(input, decoded)) {
      states.merge(state, 1L, Long::sum);
      List<byte[]> examples = kept.computeIfAbsent(state, first -> new ArrayList<>());
      if (examples.size() < KEPT) {
        examples.add(input);
        pool.add(input);
      }
    }
    return taken;
  }

  private long again(byte[] input) {
    ByteBuffer bytes = ByteBuffer.wrap(input.clone());
    long before = allocated();
    decoder.decode(bytes);
    return allocated() - before;
  }

  private long allowed(byte[] input) {
    return beside + (long) perByte * input.length;
  }

  private void checkBytes(long bytes, byte[] input) {
    if (bytes > allowed(input)) {
      throw new AssertionError("allocated " + bytes + " bytes for the " + input.length
          + " that came; allowed: " + allowed(input));
    }
  }

  private void checkReached(Map<String, Long> states, long inputs, long seed) {
    Set<String> missing = new TreeSet<>(required);
    missing.removeAll(states.keySet());
    if (!missing.isEmpty()) {
      throw new AssertionError("fuzz " + name + ": " + inputs + " inputs of seed " + seed
          + " never reached " + missing + ", but " + states);
    }
  }

  private String where(long number, long seed, byte[] input) {
    String hex = HexFormat.of().formatHex(input, 0, Math.min(input.length, SHOWN_BYTES));
    return "fuzz " + name + ": seed " + seed + ", input " + number + " of " + input.length
        + " bytes: " + hex;
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}
