package io.thole.tcpprovider;

import io.thole.spi.Transport;
import io.thole.testkit.TransportContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract of transports, with TLS between each two nodes. */
class TlsTransportIT extends TransportContract {
  @TempDir
  private static Path folder;

  private static TcpSettings settings = TcpSettings.DEFAULTS;

  /** One certificate for all nodes: they are on one host, by two names, and one is of another cluster. */
  @BeforeAll
  static void issue() throws IOException {
    TestAuthority authority = new TestAuthority("authority");
    settings = TcpSettings.of(new TestFiles(folder)
        .write(
            authority.issue(
                "ip:127.0.0.1",
                "dns:localhost",
                "uri:thole://127.0.0.1/thole",
                "uri:thole://localhost/thole",
                "uri:thole://127.0.0.1/harbour"),
            authority)
        .settings());
  }

  @Override
  protected Transport newTransport() {
    return new TcpTransport(settings);
  }
}
