package io.thole.tcpprovider;

import io.thole.api.ConfigurationException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * With which files a node proves who it is, and whom it believes. Either all three files are named, or none, and then nothing
 * is encrypted.
 *
 * @param certificateFile the node's certificate and those that lead to its authority, in PEM
 * @param keyFile its private key, PKCS#8 in PEM, which nobody but its owner may read
 * @param authoritiesFile the certificates of those who are trusted to say who somebody is, in PEM
 * @param allowed whom of all that they vouch for to let in; nobody is left out where it is empty
 * @param handshake how long a TLS handshake may take, before the HELLO
 */
public record TlsSettings(
    Path certificateFile,
    Path keyFile,
    Path authoritiesFile,
    List<TlsIdentity> allowed,
    Duration handshake) {
  private static final Path NO_FILE = Path.of("");
  private static final int LONGEST_MILLIS = 600_000;
  private static final int MOST_ALLOWED = 10_000;

  /** No TLS. */
  public static final TlsSettings NONE =
      new TlsSettings(NO_FILE, NO_FILE, NO_FILE, List.of(), Duration.ofSeconds(2));

  /**
   * Checks what can be told without a look at the files.
   *
   * @throws ConfigurationException if a file is missing beside another, or a number is out of range
   */
  public TlsSettings {
    allowed = List.copyOf(allowed);
    Values.check(TcpSettings.PID, "tlsMillis", handshake.toMillis(), 1, LONGEST_MILLIS);
    Values.check(TcpSettings.PID, "allowed", allowed.size(), 0, MOST_ALLOWED);
    boolean any = named(certificateFile) || named(keyFile) || named(authoritiesFile);
    checkNamed(any, "certificateFile", certificateFile);
    checkNamed(any, "keyFile", keyFile);
    checkNamed(any, "authoritiesFile", authoritiesFile);
    if (!any && !allowed.isEmpty()) {
      throw refused(
          "allowed",
          allowed.toString(),
          "nothing without certificateFile, for nobody proves who they are");
    }
  }

  /**
   * Reads a configuration.
   *
   * @param values the values, by the names above; the duration is {@code tlsMillis}
   * @param home the folder below which relative files are
   * @throws ConfigurationException if a value is refused
   */
  static TlsSettings of(Values values, Path home) {
    return new TlsSettings(
        file(values, "certificateFile", home),
        file(values, "keyFile", home),
        file(values, "authoritiesFile", home),
        identities(values),
        values.millis("tlsMillis", NONE.handshake));
  }

  /** Tells whether peers must prove who they are, and all is encrypted. */
  public boolean asked() {
    return named(certificateFile);
  }

  private static List<TlsIdentity> identities(Values values) {
    List<TlsIdentity> identities = new ArrayList<>();
    for (String uri : values.list("allowed")) {
      identities.add(
          TlsIdentity.parse(uri).orElseThrow(() -> refused("allowed", uri, TlsIdentity.FORM)));
    }
    return identities;
  }

  private static Path file(Values values, String key, Path home) {
    String text = values.text(key);
    try {
      return text.isEmpty() ? NO_FILE : home.resolve(text);
    } catch (InvalidPathException e) {
      throw refused(key, text, "a file");
    }
  }

  private static boolean named(Path file) {
    return !file.equals(NO_FILE);
  }

  private static void checkNamed(boolean any, String key, Path file) {
    if (any && !named(file)) {
      throw refused(key, "", "a file: certificateFile, keyFile and authoritiesFile go together");
    }
  }

  private static ConfigurationException refused(String key, String value, String allowed) {
    return new ConfigurationException(TcpSettings.PID, key, value, allowed);
  }
}
