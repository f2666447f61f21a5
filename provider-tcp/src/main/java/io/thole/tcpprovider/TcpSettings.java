package io.thole.tcpprovider;

import io.thole.api.ConfigurationException;
import io.thole.spi.Transport;
import java.time.Duration;
import java.util.Map;

/**
 * What a {@link TcpTransport} allows. Zero never means "unlimited".
 *
 * @param insecure whether to listen beyond the loopback although nothing is encrypted and nobody proves anything
 * @param hello how long a handshake may take
 * @param frame how long a frame may take that has begun
 * @param strangers how many incoming connections may be in their handshake
 * @param strangersPerAddress the same, of one remote address
 * @param strangersOfLoopback the same, of this machine, where many nodes share an address
 * @param peers how many nodes may be connected
 * @param waitingBytes how many bytes may wait to be sent to one peer, with {@link TcpConnection#OVERHEAD_BYTES} for each
 *     frame
 */
public record TcpSettings(
    boolean insecure,
    Duration hello,
    Duration frame,
    int strangers,
    int strangersPerAddress,
    int strangersOfLoopback,
    int peers,
    int waitingBytes) {
  /** The persistent identity under which ConfigAdmin holds the settings. */
  public static final String PID = "io.thole.tcpprovider";

  /** What a transport does that was told nothing. */
  public static final TcpSettings DEFAULTS = new TcpSettings(
      false, Duration.ofSeconds(2), Duration.ofSeconds(10), 64, 8, 64, 1_024, 8 << 20);

  private static final int LONGEST_MILLIS = 600_000;
  private static final int MOST_CONNECTIONS = 65_536;
  private static final int LEAST_WAITING = Transport.FRAME_LIMIT + TcpConnection.OVERHEAD_BYTES;

  /**
   * Checks the limits.
   *
   * @throws ConfigurationException if one is out of range
   */
  public TcpSettings {
    check("helloMillis", hello.toMillis(), 1, LONGEST_MILLIS);
    check("frameMillis", frame.toMillis(), 1, LONGEST_MILLIS);
    check("strangers", strangers, 1, MOST_CONNECTIONS);
    check("strangersPerAddress", strangersPerAddress, 1, MOST_CONNECTIONS);
    check("strangersOfLoopback", strangersOfLoopback, 1, MOST_CONNECTIONS);
    check("peers", peers, 1, MOST_CONNECTIONS);
    check("waitingBytes", waitingBytes, LEAST_WAITING, 1 << 30);
  }

  /**
   * Reads a configuration; what it does not name is as in {@link #DEFAULTS}, and unknown keys are left to others.
   *
   * @param values the values, by the names above; the durations are {@code helloMillis} and {@code frameMillis}
   * @throws ConfigurationException if a value is refused
   */
  public static TcpSettings of(Map<String, ?> values) {
    return new TcpSettings(
        flag(values, "insecure"),
        Duration.ofMillis(number(values, "helloMillis", (int) DEFAULTS.hello.toMillis())),
        Duration.ofMillis(number(values, "frameMillis", (int) DEFAULTS.frame.toMillis())),
        number(values, "strangers", DEFAULTS.strangers),
        number(values, "strangersPerAddress", DEFAULTS.strangersPerAddress),
        number(values, "strangersOfLoopback", DEFAULTS.strangersOfLoopback),
        number(values, "peers", DEFAULTS.peers),
        number(values, "waitingBytes", DEFAULTS.waitingBytes));
  }

  private static boolean flag(Map<String, ?> values, String key) {
    String value = values.containsKey(key) ? String.valueOf(values.get(key)).strip() : "false";
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new ConfigurationException(PID, key, value, "true, false");
    };
  }

  private static int number(Map<String, ?> values, String key, int otherwise) {
    String value =
        values.containsKey(key) ? String.valueOf(values.get(key)).strip() : "" + otherwise;
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new ConfigurationException(PID, key, value, "a whole number");
    }
  }

  private static void check(String key, long value, long least, long most) {
    if (value < least || value > most) {
      throw new ConfigurationException(PID, key, String.valueOf(value), least + ".." + most);
    }
  }
}
