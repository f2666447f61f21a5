package io.thole.tcpprovider;

import io.thole.api.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** What was in the files when they were read: all of it belongs together. It never changes, and no text of it holds a secret. */
final class TlsMaterial {
  private static final int URI = 6; // the type of a general name, RFC 5280

  /** How to sign with a key of an algorithm, to see whether it is the certificate's. */
  private static final Map<String, String> SIGNATURES = Map.of(
      "RSA", "SHA256withRSA",
      "RSASSA-PSS", "RSASSA-PSS",
      "EC", "SHA256withECDSA",
      "EdDSA", "EdDSA");

  private final TlsSettings settings;
  private final List<X509Certificate> chain;
  private final PrivateKey key;
  private final X509ExtendedTrustManager authorities;

  private TlsMaterial(
      TlsSettings settings,
      List<X509Certificate> chain,
      PrivateKey key,
      X509ExtendedTrustManager authorities) {
    this.settings = settings;
    this.chain = chain;
    this.key = key;
    this.authorities = authorities;
  }

  /**
   * Reads the files.
   *
   * @param self whom the certificate must name
   * @throws ConfigurationException if one of them is not what it must be; the message names the file and not its content
   */
  static TlsMaterial read(TlsSettings settings, Hello self) {
    PemFile certificate = new PemFile("certificateFile", settings.certificateFile());
    List<X509Certificate> chain = certificate.certificates();
    X509Certificate own = chain.get(0);
    checkTime(certificate, own);
    checkNames(certificate, own, self);
    PemFile file = new PemFile("keyFile", settings.keyFile());
    PrivateKey key = file.privateKey(own.getPublicKey().getAlgorithm());
    if (!isPair(key, own)) {
      throw file.refused("the private key of the certificate in " + settings.certificateFile());
    }
    PemFile trusted = new PemFile("authoritiesFile", settings.authoritiesFile());
    return new TlsMaterial(settings, chain, key, trust(trusted, trusted.certificates()));
  }

  /** Returns with which settings it was read. */
  TlsSettings settings() {
    return settings;
  }

  /** Returns the same for a node that lets in everyone for whom its authorities vouch. */
  TlsMaterial allowingAll() {
    TlsSettings all = new TlsSettings(
        settings.certificateFile(),
        settings.keyFile(),
        settings.authoritiesFile(),
        List.of(),
        settings.handshake());
    return new TlsMaterial(all, chain, key, authorities);
  }

  /** Returns the node's certificate and those that lead to its authority. */
  X509Certificate[] chain() {
    return chain.toArray(X509Certificate[]::new);
  }

  /** Returns the node's private key. */
  PrivateKey key() {
    return key;
  }

  /** Returns what tells whether a certificate is from an authority that is trusted. */
  X509ExtendedTrustManager authorities() {
    return authorities;
  }

  /** Says for whom the certificate is, and until when. */
  @Override
  public String toString() {
    return "the certificate of " + text(identities(chain.get(0))) + ", valid until "
        + chain.get(0).getNotAfter().toInstant();
  }

  /** Returns whom a certificate names; none where it names nobody in our form. */
  static List<TlsIdentity> identities(X509Certificate certificate) {
    Collection<List<?>> names;
    try {
      names = Objects.requireNonNullElse(certificate.getSubjectAlternativeNames(), List.of());
    } catch (CertificateParsingException e) {
      return List.of();
    }
    List<TlsIdentity> identities = new ArrayList<>();
    for (List<?> name : names) {
      if (name.get(0).equals(URI)) {
        TlsIdentity.parse(String.valueOf(name.get(1))).ifPresent(identities::add);
      }
    }
    return identities;
  }

  /** Returns identities for a line of a log. */
  static String text(List<TlsIdentity> identities) {
    return identities.stream().map(TlsIdentity::toString).collect(Collectors.joining(", "));
  }

  private static void checkTime(PemFile file, X509Certificate own) {
    try {
      own.checkValidity();
    } catch (CertificateExpiredException e) {
      throw file.refused("a certificate that has not expired, as this one has at "
          + own.getNotAfter().toInstant());
    } catch (CertificateNotYetValidException e) {
      throw file.refused("a certificate that is valid, as this one will be at "
          + own.getNotBefore().toInstant());
    }
  }

  private static void checkNames(PemFile file, X509Certificate own, Hello self) {
    List<TlsIdentity> identities = identities(own);
    if (identities.stream()
        .noneMatch(identity -> identity.names(self.cluster(), self.node().authority()))) {
      throw file.refused("a certificate with the URI thole://" + self.node().authority() + "/"
          + self.cluster() + " among its subject alternative names; this one has "
          + (identities.isEmpty() ? "none of the form " + TlsIdentity.FORM : text(identities)));
    }
  }

  private static boolean isPair(PrivateKey key, X509Certificate own) {
    byte[] words = "thole".getBytes(StandardCharsets.US_ASCII);
    try {
      Signature signature = Signature.getInstance(
          Objects.requireNonNullElse(SIGNATURES.get(key.getAlgorithm()), key.getAlgorithm()));
      signature.initSign(key);
      signature.update(words);
      byte[] signed = signature.sign();
      signature.initVerify(own.getPublicKey());
      signature.update(words);
      return signature.verify(signed);
    } catch (InvalidKeyException e) {
      return false;
    } catch (GeneralSecurityException e) {
      return false; // of another curve or size
    }
  }

  private static X509ExtendedTrustManager trust(PemFile file, List<X509Certificate> trusted) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (int i = 0; i < trusted.size(); i++) {
        store.setCertificateEntry("authority-" + i, trusted.get(i));
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      return Arrays.stream(factory.getTrustManagers())
          .filter(X509ExtendedTrustManager.class::isInstance)
          .map(X509ExtendedTrustManager.class::cast)
          .findFirst()
          .orElseThrow();
    } catch (GeneralSecurityException | IOException e) {
      throw file.refused("certificates of authorities");
    }
  }
}
