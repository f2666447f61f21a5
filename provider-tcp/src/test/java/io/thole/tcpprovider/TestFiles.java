package io.thole.tcpprovider;

import io.thole.tcpprovider.TestAuthority.Credentials;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The three files of a node, in a folder of a test. */
record TestFiles(Path folder) {
  Path certificate() {
    return folder.resolve("node.pem");
  }

  Path key() {
    return folder.resolve("node.key");
  }

  Path authorities() {
    return folder.resolve("authorities.pem");
  }

  TestFiles write(Credentials credentials, TestAuthority... trusted) throws IOException {
    credentials.write(certificate(), key());
    TestAuthority.trust(authorities(), trusted);
    return this;
  }

  /** Returns settings that name the files, and what else is given. */
  Map<String, Object> settings(Object... more) {
    Map<String, Object> settings = new HashMap<>(Map.of(
        "certificateFile", certificate(), "keyFile", key(), "authoritiesFile", authorities()));
    for (int i = 0; i < more.length; i += 2) {
      settings.put(String.valueOf(more[i]), more[i + 1]);
    }
    return settings;
  }
}
