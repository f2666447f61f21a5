package io.thole.tcpprovider;

import io.thole.api.Authority;
import io.thole.api.ClusterException;
import io.thole.api.Escaped;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * One TLS connection: with what this side proves itself, and what it makes of the other side's certificate. Each has a context
 * of its own, so that nothing can be resumed and every connection is proved anew, with the files as they are then.
 *
 * <p>Made and asked on {@code thole-tls}; the thread of the connections reads the outcome after the handshake.
 */
final class TlsSession {
  private static final String[] PROTOCOLS = {"TLSv1.3"};

  /** 10 rounds of AES where a key of 256 bits has 14; nobody breaks either. */
  private static final String FASTEST = "TLS_AES_128_GCM_SHA256";

  private final TlsMaterial material;
  private final String cluster;
  private final SSLEngine engine;
  private volatile @Nullable Proof proof;
  private volatile @Nullable Refused refused;

  /**
   * Why the certificate was refused.
   *
   * @param refusal for the counts
   * @param reason for people, in printable ASCII
   */
  record Refused(RefusalKind refusal, String reason) {}

  /**
   * Begins.
   *
   * @param material what counts for this connection
   * @param cluster the cluster of which the other side must be
   * @param dialled the address that was dialled, whose host the certificate must be for; null if the other side did
   */
  TlsSession(TlsMaterial material, String cluster, @Nullable Authority dialled) {
    this.material = material;
    this.cluster = cluster;
    try {
      SSLContext context = SSLContext.getInstance(PROTOCOLS[0]);
      context.init(new KeyManager[] {new Keys()}, new TrustManager[] {new Trust()}, null);
      engine = dialled == null
          ? context.createSSLEngine()
          : context.createSSLEngine(dialled.host(), dialled.port());
    } catch (GeneralSecurityException e) {
      throw new ClusterException("this Java speaks no TLS 1.3", e);
    }
    engine.setUseClientMode(dialled != null);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(PROTOCOLS);
    parameters.setCipherSuites(fastestFirst(parameters.getCipherSuites()));
    parameters.setUseCipherSuitesOrder(true);
    if (dialled == null) {
      parameters.setNeedClientAuth(true);
    } else {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    engine.setSSLParameters(parameters);
  }

  SSLEngine engine() {
    return engine;
  }

  /** Returns what the other side's certificate proves, if it was accepted; it counts only once the handshake has ended well. */
  Optional<Proof> proof() {
    return Optional.ofNullable(proof);
  }

  /** Returns why the other side's certificate was refused, if it was. */
  Optional<Refused> refused() {
    return Optional.ofNullable(refused);
  }

  /** Returns what this Java allows, in its order but for one. */
  private static String[] fastestFirst(String[] suites) {
    return Stream.concat(
            Arrays.stream(suites).filter(FASTEST::equals),
            Arrays.stream(suites).filter(suite -> !FASTEST.equals(suite)))
        .toArray(String[]::new);
  }

  /** Looks at a certificate whose path is sound. */
  private void identify(X509Certificate certificate) throws CertificateException {
    List<TlsIdentity> named = TlsMaterial.identities(certificate);
    List<TlsIdentity> ours =
        named.stream().filter(identity -> identity.cluster().equals(cluster)).toList();
    List<TlsIdentity> allowed = material.settings().allowed();
    if (named.isEmpty()) {
      throw refuse(RefusalKind.NO_IDENTITY, "its certificate has no URI " + TlsIdentity.FORM);
    }
    if (ours.isEmpty()) {
      throw refuse(
          RefusalKind.OTHER_CLUSTER,
          "its certificate is for " + TlsMaterial.text(named) + ", this node is of " + cluster);
    }
    if (!allowed.isEmpty()
        && ours.stream().noneMatch(one -> allowed.stream().anyMatch(one::meets))) {
      throw refuse(RefusalKind.NOT_ALLOWED, TlsMaterial.text(ours) + " is not allowed");
    }
    proof = Proof.of(ours, allowed);
  }

  private CertificateException refuse(RefusalKind refusal, String reason) {
    refused = new Refused(refusal, Escaped.plain(reason));
    return new CertificateException(refusal.toString());
  }

  /** Turns what the JDK says of a path into a few words; its own hold those of the certificate. */
  private void onUnsound(CertificateException cause, X509Certificate certificate) {
    RefusalKind refusal = refusal(cause);
    String reason = refusal == RefusalKind.EXPIRED
        ? "its certificate, or one that leads to its authority, counts from "
            + certificate.getNotBefore().toInstant() + " to "
            + certificate.getNotAfter().toInstant()
        : refusal == RefusalKind.OTHER_HOST
            ? "its certificate is not for the host " + engine.getPeerHost()
            : "its certificate leads to no authority in " + material.settings().authoritiesFile()
                + ", or is not meant for TLS";
    refused = new Refused(refusal, Escaped.plain(reason));
  }

  private static RefusalKind refusal(CertificateException cause) {
    for (Throwable part = cause; part != null; part = part.getCause()) {
      if (part instanceof CertificateExpiredException
          || part instanceof CertificateNotYetValidException
          || (part instanceof CertPathValidatorException path
              && (path.getReason() == BasicReason.EXPIRED
                  || path.getReason() == BasicReason.NOT_YET_VALID))) {
        return RefusalKind.EXPIRED;
      }
    }
    // A path that is not sound has a cause, or a type of its own; a host that does not match has
    // neither.
    return cause.getClass() == CertificateException.class && cause.getCause() == null
        ? RefusalKind.OTHER_HOST
        : RefusalKind.OTHER_AUTHORITY;
  }

  /** Looks at the other side's certificate. */
  private interface Look {
    void at(X509ExtendedTrustManager authorities) throws CertificateException;
  }

  /** Accepts a certificate only if the path is sound, and names a node of this cluster that is allowed. */
  private final class Trust extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine asking)
        throws CertificateException {
      check(chain, authorities -> authorities.checkClientTrusted(chain, type, asking));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine asking)
        throws CertificateException {
      check(chain, authorities -> authorities.checkServerTrusted(chain, type, asking));
    }

    private void check(X509Certificate[] chain, Look look) throws CertificateException {
      try {
        look.at(material.authorities());
      } catch (CertificateException e) {
        onUnsound(e, chain[0]);
        throw e;
      }
      identify(chain[0]);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      throw noEngine();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      throw noEngine();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw noEngine();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw noEngine();
    }

    /** Nobody is named to whoever asks: authorities are no secret, but nobody needs them before they prove themselves. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }

    private CertificateException noEngine() {
      return new CertificateException("asked without the connection");
    }
  }

  /** Always shows the one certificate, so that a refusal can say what is wrong with it. */
  private final class Keys extends X509ExtendedKeyManager {
    private static final String ALIAS = "node";

    @Override
    public @Nullable String chooseEngineClientAlias(
        String[] types, Principal @Nullable [] issuers, SSLEngine asking) {
      return Arrays.asList(types).contains(material.key().getAlgorithm()) ? ALIAS : null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
        String type, Principal @Nullable [] issuers, SSLEngine asking) {
      return type.equals(material.key().getAlgorithm()) ? ALIAS : null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return material.chain();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return material.key();
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }

    @Override
    public @Nullable String chooseServerAlias(
        String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }

    @Override
    public String[] getClientAliases(String type, Principal @Nullable [] issuers) {
      return new String[0];
    }

    @Override
    public String[] getServerAliases(String type, Principal @Nullable [] issuers) {
      return new String[0];
    }
  }
}
