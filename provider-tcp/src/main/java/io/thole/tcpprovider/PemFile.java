package io.thole.tcpprovider;

import io.thole.api.ConfigurationException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A file of keys or certificates in PEM. What it holds is in no message of ours: a fault is told with the name of the file, and
 * without the exception that the content gave rise to.
 *
 * @param setting the key of the setting that names it
 * @param path where it is
 */
record PemFile(String setting, Path path) {
  private static final int LONGEST = 1 << 20; // some hundred authorities
  private static final String BEGIN_KEY = "-----BEGIN PRIVATE KEY-----";
  private static final String END_KEY = "-----END PRIVATE KEY-----";
  private static final Set<PosixFilePermission> OWNER = EnumSet.of(
      PosixFilePermission.OWNER_READ,
      PosixFilePermission.OWNER_WRITE,
      PosixFilePermission.OWNER_EXECUTE);

  /**
   * Reads certificates.
   *
   * @return at least one
   * @throws ConfigurationException if there is none, or the file cannot be read
   */
  List<X509Certificate> certificates() {
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      for (Certificate certificate : CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(content()))) {
        certificates.add((X509Certificate) certificate);
      }
    } catch (CertificateException e) {
      throw refused("certificates in PEM");
    }
    if (certificates.isEmpty()) {
      throw refused("at least one certificate in PEM");
    }
    return certificates;
  }

  /**
   * Reads a private key.
   *
   * @param algorithm its algorithm, as that of the public key
   * @throws ConfigurationException if others may read the file, it cannot be read, or holds no such key
   */
  PrivateKey privateKey(String algorithm) {
    checkOwnerOnly();
    String pem = new String(content(), StandardCharsets.US_ASCII);
    int begin = pem.indexOf(BEGIN_KEY);
    int end = pem.indexOf(END_KEY);
    if (begin < 0 || end < begin) {
      throw refused("a private key in PKCS#8, not encrypted: openssl pkcs8 -topk8 -nocrypt");
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(pem.substring(begin + BEGIN_KEY.length(), end));
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw refused("the private key (" + algorithm + ") of the certificate");
    }
  }

  /** Returns the exception for a file that is not what it must be. */
  ConfigurationException refused(String allowed) {
    return new ConfigurationException(TcpSettings.PID, setting, path.toString(), allowed);
  }

  private void checkOwnerOnly() {
    Set<PosixFilePermission> permissions;
    try {
      permissions = EnumSet.copyOf(Files.getPosixFilePermissions(path));
    } catch (IOException e) {
      throw unreadable();
    } catch (UnsupportedOperationException e) {
      throw refused("a file on a file system that tells who may read it");
    }
    if (!OWNER.containsAll(permissions)) {
      throw refused("a file that nobody but its owner may read or write: chmod 600");
    }
  }

  private byte[] content() {
    try (InputStream file = Files.newInputStream(path)) {
      byte[] content = file.readNBytes(LONGEST + 1);
      if (content.length > LONGEST) {
        throw refused("a file of at most " + LONGEST + " bytes");
      }
      return content;
    } catch (IOException e) {
      throw unreadable();
    }
  }

  private ConfigurationException unreadable() {
    return refused("a file that this process can read");
  }
}
