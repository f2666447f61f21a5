package io.thole.tcpprovider;

import io.thole.api.ConfigurationException;
import io.thole.spi.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What a {@link TcpTransport} allows. Zero never means "unlimited".
 *
 * @param insecure whether to listen beyond the loopback although nothing is encrypted and nobody proves anything
 * @param hello how long a handshake may take
 * @param frame how long a frame may take that has begun
 * @param connect how long an attempt to connect may take, before the handshake
 * @param strangers how many incoming connections may be in their handshake
 * @param strangersPerAddress the same, of one remote address
 * @param strangersOfLoopback the same, of this machine, where many nodes share an address
 * @param peers how many nodes may be connected
 * @param waitingBytes how many bytes may wait to be sent to one peer, with {@link FrameWriter#OVERHEAD_BYTES} for each
 *     frame
 * @param tls with which files a node proves who it is
 */
public record TcpSettings(
    boolean insecure,
    Duration hello,
    Duration frame,
    Duration connect,
    int strangers,
    int strangersPerAddress,
    int strangersOfLoopback,
    int peers,
    int waitingBytes,
    TlsSettings tls) {
  /** The persistent identity under which ConfigAdmin holds the settings. */
  public static final String PID = "io.thole.tcpprovider";

  /** What a transport does that was told nothing. */
  public static final TcpSettings DEFAULTS = new TcpSettings(
      false,
      Duration.ofSeconds(2),
      Duration.ofSeconds(10),
      Duration.ofSeconds(2),
      64,
      8,
      64,
      1_024,
      8 << 20,
      TlsSettings.NONE);

  private static final int LONGEST_MILLIS = 600_000;
  private static final int MOST_CONNECTIONS = 65_536;
  private static final int LEAST_WAITING = Transport.FRAME_LIMIT + FrameWriter.OVERHEAD_BYTES;

  /**
   * Checks the limits.
   *
   * @throws ConfigurationException if one is out of range
   */
  public TcpSettings {
    Values.check(PID, "helloMillis", hello.toMillis(), 1, LONGEST_MILLIS);
    Values.check(PID, "frameMillis", frame.toMillis(), 1, LONGEST_MILLIS);
    Values.check(PID, "connectMillis", connect.toMillis(), 1, LONGEST_MILLIS);
    Values.check(PID, "strangers", strangers, 1, MOST_CONNECTIONS);
    Values.check(PID, "strangersPerAddress", strangersPerAddress, 1, MOST_CONNECTIONS);
    Values.check(PID, "strangersOfLoopback", strangersOfLoopback, 1, MOST_CONNECTIONS);
    Values.check(PID, "peers", peers, 1, MOST_CONNECTIONS);
    Values.check(PID, "waitingBytes", waitingBytes, LEAST_WAITING, 1 << 30);
    if (insecure && tls.asked()) {
      throw new ConfigurationException(
          PID,
          "insecure",
          "true",
          "false where a certificateFile is named: it is one or the other");
    }
  }

  /**
   * Reads a configuration; what it does not name is as in {@link #DEFAULTS}, and unknown keys are left to others.
   *
   * @param values the values, by the names above; the durations are {@code helloMillis}, {@code frameMillis} and
   *     {@code connectMillis}; for TLS {@code certificateFile}, {@code keyFile}, {@code authoritiesFile}, {@code allowed}
   *     and {@code tlsMillis}, relative files are below the working folder
   * @throws ConfigurationException if a value is refused
   */
  public static TcpSettings of(Map<String, ?> values) {
    return of(values, Path.of(""));
  }

  /**
   * Reads a configuration.
   *
   * @param values as above
   * @param home the folder below which relative files are
   * @throws ConfigurationException if a value is refused
   */
  public static TcpSettings of(Map<String, ?> values, Path home) {
    Values read = new Values(PID, values);
    return new TcpSettings(
        read.flag("insecure"),
        read.millis("helloMillis", DEFAULTS.hello),
        read.millis("frameMillis", DEFAULTS.frame),
        read.millis("connectMillis", DEFAULTS.connect),
        read.number("strangers", DEFAULTS.strangers),
        read.number("strangersPerAddress", DEFAULTS.strangersPerAddress),
        read.number("strangersOfLoopback", DEFAULTS.strangersOfLoopback),
        read.number("peers", DEFAULTS.peers),
        read.number("waitingBytes", DEFAULTS.waitingBytes),
        TlsSettings.of(read, home));
  }
}
