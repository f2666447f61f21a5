package io.thole.bench;

import io.thole.tcpprovider.TcpSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * A key and a certificate that both nodes of a measurement have, each other's authority: made anew for a run, and gone with it.
 *
 * @param folder where they lie
 */
record Keys(Path folder) implements AutoCloseable {
  private static final String CERTIFICATE = "node.crt";
  private static final String KEY = "node.key";
  private static final String STORE = "node.p12";
  private static final String PASSWORD = "measured"; // of a file that exists for a moment
  private static final int PEM_COLUMNS = 64;

  /** Makes them with the tool of the running Java. */
  static Keys make() {
    try {
      Keys keys = new Keys(Files.createTempDirectory("thole-bench-"));
      keys.generate();
      keys.export();
      return keys;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("no key can be made to measure with: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a key was made", e);
    }
  }

  /** Returns what makes a transport use them. */
  TcpSettings settings() {
    return TcpSettings.of(Map.of(
        "certificateFile", folder.resolve(CERTIFICATE).toString(),
        "keyFile", folder.resolve(KEY).toString(),
        "authoritiesFile", folder.resolve(CERTIFICATE).toString()));
  }

  private void generate() throws IOException, InterruptedException {
    Process tool = new ProcessBuilder(List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "node",
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-dname",
            "CN=bench",
            "-validity",
            "1",
            "-ext",
            "san=ip:127.0.0.1,uri:thole://127.0.0.1/bench",
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD,
            "-keystore",
            folder.resolve(STORE).toString()))
        .redirectErrorStream(true)
        .start();
    byte[] said = tool.getInputStream().readAllBytes();
    if (tool.waitFor() != 0) {
      throw new IOException(new String(said, StandardCharsets.UTF_8));
    }
  }

  private void export() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(folder.resolve(STORE).toFile(), PASSWORD.toCharArray());
    Certificate certificate = store.getCertificate("node");
    write(CERTIFICATE, "CERTIFICATE", certificate.getEncoded());
    write(KEY, "PRIVATE KEY", store.getKey("node", PASSWORD.toCharArray()).getEncoded());
  }

  private void write(String name, String what, byte[] content) throws IOException {
    String text = "-----BEGIN " + what + "-----\n"
        + Base64.getMimeEncoder(PEM_COLUMNS, new byte[] {'\n'}).encodeToString(content)
        + "\n-----END " + what + "-----\n";
    Path file = Files.createFile(
        folder.resolve(name),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, text);
  }

  @Override
  public void close() {
    try {
      for (String name : List.of(CERTIFICATE, KEY, STORE)) {
        Files.deleteIfExists(folder.resolve(name));
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("the keys of a measurement are left in " + folder, e);
    }
  }
}
