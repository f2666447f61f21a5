package io.thole.tcpprovider;

import io.thole.api.Authority;
import io.thole.tcpprovider.TestAuthority.Credentials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** The other side of a TLS connection, which trusts everyone and shows whatever it was given. */
final class TlsStranger {
  private static final int PATIENCE_MILLIS = 20_000;

  private final SSLContext context;

  /** Makes one that has no certificate. */
  static TlsStranger nobody() {
    return new TlsStranger(null);
  }

  TlsStranger(@Nullable Credentials credentials) {
    try {
      context = SSLContext.getInstance("TLS");
      KeyManager[] keys = credentials == null ? null : new KeyManager[] {new Shows(credentials)};
      context.init(keys, new TrustManager[] {new TrustsAll()}, null);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** Dials, and has its handshake behind it, as far as it knows. */
  Stranger dial(Authority port) throws IOException {
    return dial(port, "TLSv1.3");
  }

  Stranger dial(Authority port, String version) throws IOException {
    return new Stranger(open(port, version));
  }

  SSLSocket open(Authority port) throws IOException {
    return open(port, "TLSv1.3");
  }

  private SSLSocket open(Authority port, String version) throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(port.host(), port.port());
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setEnabledProtocols(new String[] {version});
    try {
      socket.startHandshake();
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    return socket;
  }

  /** Listens at any port of an address. */
  SSLServerSocket listen() throws IOException {
    SSLServerSocket server = (SSLServerSocket)
        context.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress());
    server.setNeedClientAuth(true);
    server.setSoTimeout(PATIENCE_MILLIS);
    return server;
  }

  private static final class Shows extends X509ExtendedKeyManager {
    private final Credentials credentials;

    Shows(Credentials credentials) {
      this.credentials = credentials;
    }

    @Override
    public String chooseClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return "any";
    }

    @Override
    public @Nullable String chooseServerAlias(
        String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return type.equals(credentials.key().getAlgorithm()) ? "any" : null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return credentials.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return credentials.key();
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

  private static final class TrustsAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
