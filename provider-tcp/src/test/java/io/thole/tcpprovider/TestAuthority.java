package io.thole.tcpprovider;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** An authority that a test makes up, with the certificates that it signs; its keys are never written but into a test's folder. */
final class TestAuthority {
  private static final byte[] SIGNED_BY =
      Der.sequence(Der.oid("2A8648CE3D040302")); // ECDSA, SHA-256
  private static final AtomicLong SERIALS = new AtomicLong();
  private static final int DNS = 0x82;
  private static final int URI = 0x86;
  private static final int ADDRESS = 0x87;

  private final String name;
  private final KeyPair keys = keys("EC");
  private final X509Certificate certificate;

  /** Makes one that vouches for itself. */
  TestAuthority(String name) {
    this.name = name;
    certificate = sign(
        name,
        keys,
        List.of(extension("551D13", true, Der.sequence(Der.yes()))),
        Duration.ofDays(-1),
        Duration.ofDays(1));
  }

  /**
   * What a node proves itself with.
   *
   * @param chain its certificate
   * @param key its private key
   */
  record Credentials(List<X509Certificate> chain, PrivateKey key) {
    /** Writes the certificate and the key, in the place of files that are there. */
    void write(Path certificateFile, Path keyFile) throws IOException {
      writePem(certificateFile, chain);
      put(keyFile, pem("PRIVATE KEY", key.getEncoded()));
      Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-------"));
    }

    @Override
    public String toString() {
      return chain.get(0).getSubjectX500Principal().toString();
    }
  }

  X509Certificate certificate() {
    return certificate;
  }

  /** Makes credentials that count for a day, of {@code ip:}, {@code dns:} and {@code uri:} names. */
  Credentials issue(String... names) {
    return issue("EC", Duration.ofDays(-1), Duration.ofDays(1), names);
  }

  /** Makes credentials. */
  Credentials issue(String algorithm, Duration from, Duration to, String... names) {
    KeyPair pair = keys(algorithm);
    byte[][] encoded = Arrays.stream(names).map(TestAuthority::name).toArray(byte[][]::new);
    List<byte[]> extensions = new ArrayList<>();
    if (encoded.length > 0) {
      extensions.add(extension("551D11", false, Der.sequence(encoded)));
    }
    return new Credentials(List.of(sign("node", pair, extensions, from, to)), pair.getPrivate());
  }

  /** Writes the certificates of authorities, in the place of a file that is there. */
  static void trust(Path file, TestAuthority... authorities) throws IOException {
    writePem(file, Arrays.stream(authorities).map(TestAuthority::certificate).toList());
  }

  static String pem(String type, byte[] der) {
    return "-----BEGIN " + type + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + type
        + "-----\n";
  }

  private static void writePem(Path file, List<X509Certificate> certificates) throws IOException {
    StringBuilder text = new StringBuilder();
    try {
      for (X509Certificate each : certificates) {
        text.append(pem("CERTIFICATE", each.getEncoded()));
      }
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
    put(file, text.toString());
  }

  private static void put(Path file, String text) throws IOException {
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(beside, text);
    Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private X509Certificate sign(
      String subject, KeyPair pair, List<byte[]> extensions, Duration from, Duration to) {
    Instant now = Instant.now();
    byte[] toSign = Der.sequence(
        Der.tagged(0xA0, Der.integer(2)),
        Der.integer(SERIALS.incrementAndGet()),
        SIGNED_BY,
        named(name),
        Der.sequence(Der.time(now.plus(from)), Der.time(now.plus(to))),
        named(subject),
        pair.getPublic().getEncoded(),
        Der.tagged(0xA3, Der.sequence(extensions.toArray(byte[][]::new))));
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(keys.getPrivate());
      signature.update(toSign);
      byte[] der = Der.sequence(toSign, SIGNED_BY, Der.bits(signature.sign()));
      return (X509Certificate) CertificateFactory.getInstance("X.509")
          .generateCertificate(new ByteArrayInputStream(der));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] named(String commonName) {
    return Der.sequence(Der.set(Der.sequence(Der.oid("550403"), Der.text(commonName))));
  }

  private static byte[] extension(String oid, boolean critical, byte[] value) {
    return critical
        ? Der.sequence(Der.oid(oid), Der.yes(), Der.octets(value))
        : Der.sequence(Der.oid(oid), Der.octets(value));
  }

  private static byte[] name(String name) {
    String value = name.substring(name.indexOf(':') + 1);
    byte[] ascii = value.getBytes(StandardCharsets.US_ASCII);
    try {
      return switch (name.substring(0, name.indexOf(':'))) {
        case "dns" -> Der.tagged(DNS, ascii);
        case "uri" -> Der.tagged(URI, ascii);
        case "ip" -> Der.tagged(ADDRESS, InetAddress.getByName(value).getAddress());
        default -> throw new AssertionError(name);
      };
    } catch (IOException e) {
      throw new AssertionError(name, e);
    }
  }

  private static KeyPair keys(String algorithm) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      if (algorithm.equals("RSA")) {
        generator.initialize(2_048);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
