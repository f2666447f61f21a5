package io.thole.tcpprovider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.ConfigurationException;
import io.thole.api.NodeId;
import io.thole.tcpprovider.TestAuthority.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsMaterialTest {
  private static final Hello SELF =
      new Hello("thole", new NodeId(new Authority("a.example", 26_050), 1));
  private static final String NAME = "uri:thole://a.example:26050/thole";
  private static final TestAuthority AUTHORITY = new TestAuthority("authority");

  @TempDir
  private Path folder;

  private TestFiles files;

  @BeforeEach
  void issue() throws IOException {
    files = new TestFiles(folder).write(AUTHORITY.issue(NAME), AUTHORITY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA", "Ed25519"})
  void readsKeysOfEachAlgorithm(String algorithm) throws IOException {
    Credentials own =
        AUTHORITY.issue(algorithm, Duration.ofDays(-1), Duration.ofDays(1), NAME, "dns:a.example");
    files.write(own, AUTHORITY, new TestAuthority("another"));

    TlsMaterial material = read();

    assertEquals(own.key(), material.key());
    assertEquals(own.chain(), List.of(material.chain()));
    assertTrue(
        material
            .toString()
            .startsWith("the certificate of thole://a.example:26050/thole, valid until 2"),
        material::toString);
  }

  @ParameterizedTest // delivery.md 6
  @ValueSource(
      strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rw-rw-rw-", "r-----r--"})
  void refusesAKeyThatOthersMayReadOrWrite(String permissions) throws IOException {
    Files.setPosixFilePermissions(files.key(), PosixFilePermissions.fromString(permissions));

    assertRefused(
        "keyFile", files.key(), "a file that nobody but its owner may read or write: chmod 600");
  }

  @ParameterizedTest // delivery.md 6
  @ValueSource(strings = {"rw-------", "r--------"})
  void takesAKeyThatOnlyItsOwnerMayRead(String permissions) throws IOException {
    Files.setPosixFilePermissions(files.key(), PosixFilePermissions.fromString(permissions));

    read();
  }

  @Test
  void refusesTheKeyOfAnother() throws IOException {
    AUTHORITY.issue(NAME).write(folder.resolve("other.pem"), files.key());

    assertRefused(
        "keyFile", files.key(), "the private key of the certificate in " + files.certificate());

    AUTHORITY
        .issue("RSA", Duration.ofDays(-1), Duration.ofDays(1), NAME)
        .write(folder.resolve("other.pem"), files.key());
    assertRefused("keyFile", files.key(), "the private key (EC) of the certificate");
  }

  @Test
  void refusesFilesThatAreMissingEmptyTooLongOrSomethingElse() throws IOException {
    for (Path file : List.of(files.certificate(), files.key(), files.authorities())) {
      byte[] before = Files.readAllBytes(file);
      for (byte[] content : List.of(new byte[0], new byte[] {1}, new byte[(1 << 20) + 1])) {
        Files.write(file, content);
        assertEquals(file.toString(), refused().value());
      }
      Files.delete(file);
      assertEquals("a file that this process can read", refused().allowed());
      Files.write(file, before);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
    read();
  }

  @Test
  void saysHowToConvertAKeyInAnotherForm() throws IOException {
    Files.writeString(
        files.key(), Files.readString(files.key()).replace("PRIVATE KEY", "EC PRIVATE KEY"));

    assertTrue(refused().allowed().contains("openssl pkcs8 -topk8 -nocrypt"));
  }

  @Test
  void refusesACertificateThatHasExpiredOrIsNotYetValid() throws IOException {
    files.write(AUTHORITY.issue("EC", Duration.ofDays(-2), Duration.ofDays(-1), NAME), AUTHORITY);
    assertTrue(refused().allowed().startsWith("a certificate that has not expired"));

    files.write(AUTHORITY.issue("EC", Duration.ofDays(1), Duration.ofDays(2), NAME), AUTHORITY);
    assertTrue(refused().allowed().startsWith("a certificate that is valid, as this one will be"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dns:a.example",
        "uri:thole://a.example:26051/thole",
        "uri:thole://a.example/harbour",
        "uri:thole://b.example/thole"
      })
  void refusesACertificateThatDoesNotNameThisNode(String name) throws IOException {
    files.write(AUTHORITY.issue(name), AUTHORITY);

    assertTrue(refused()
        .allowed()
        .startsWith("a certificate with the URI thole://a.example:26050/thole among"));
  }

  private void assertRefused(String key, Path file, String allowed) {
    ConfigurationException refusal = refused();
    assertEquals(
        List.of(key, file.toString(), allowed),
        List.of(refusal.key(), refusal.value(), refusal.allowed()));
  }

  private ConfigurationException refused() {
    return assertThrows(ConfigurationException.class, this::read);
  }

  private TlsMaterial read() {
    return TlsMaterial.read(TcpSettings.of(files.settings()).tls(), SELF);
  }
}
