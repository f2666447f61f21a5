package io.thole.tcpprovider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.BindAddress;
import io.thole.api.ConfigurationException;
import io.thole.spi.Introduction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TcpSettingsTest {
  @Test // delivery.md 5
  void hasTheLimitsOfTheDesign() {
    TcpSettings expected = new TcpSettings(
        false,
        Duration.ofSeconds(2),
        Duration.ofSeconds(10),
        Duration.ofSeconds(2),
        64,
        8,
        64,
        1_024,
        8_388_608,
        TlsSettings.NONE);

    assertEquals(expected, TcpSettings.of(Map.of("service.pid", "x")));
  }

  @ParameterizedTest // P1: 0 never means "unlimited"
  @CsvSource({
    "helloMillis, 1, 600000",
    "tlsMillis, 1, 600000",
    "frameMillis, 1, 600000",
    "connectMillis, 1, 600000",
    "strangers, 1, 65536",
    "strangersPerAddress, 1, 65536",
    "strangersOfLoopback, 1, 65536",
    "peers, 1, 65536",
    "waitingBytes, 1114240, 1073741824"
  })
  void takesEachLimitWithinItsRangeAlone(String key, int least, int most) {
    TcpSettings.of(Map.of(key, least));
    TcpSettings.of(Map.of(key, String.valueOf(most)));

    for (Object value : new Object[] {least - 1, most + 1, -1, "many"}) {
      ConfigurationException refusal =
          assertThrows(ConfigurationException.class, () -> TcpSettings.of(Map.of(key, value)));
      assertEquals(key + "=" + value, refusal.key() + "=" + refusal.value());
    }
  }

  @Test // delivery.md 6
  void takesTheThreeFilesOfTlsTogetherOrNone() {
    List<String> keys = List.of("certificateFile", "keyFile", "authoritiesFile");
    Map<String, Object> all =
        keys.stream().collect(Collectors.toMap(Function.identity(), key -> key + ".pem"));

    TlsSettings tls = TcpSettings.of(all, Path.of("node")).tls();

    assertEquals(Path.of("node/keyFile.pem"), tls.keyFile());
    assertTrue(tls.asked());
    for (String key : keys) {
      Map<String, Object> without = new HashMap<>(all);
      without.put(key, " ");
      ConfigurationException refusal =
          assertThrows(ConfigurationException.class, () -> TcpSettings.of(without));
      assertEquals(key, refusal.key());
    }
  }

  @Test // delivery.md 6
  void refusesWhatWouldLookSecureAndIsNot() {
    Map<String, Object> files =
        Map.of("certificateFile", "a", "keyFile", "b", "authoritiesFile", "c", "insecure", true);

    ConfigurationException both =
        assertThrows(ConfigurationException.class, () -> TcpSettings.of(files));
    ConfigurationException allowed = assertThrows(
        ConfigurationException.class, () -> TcpSettings.of(Map.of("allowed", "thole://a/thole")));

    assertEquals(List.of("insecure", "allowed"), List.of(both.key(), allowed.key()));
  }

  @Test
  void readsTheAllowListInEachForm() {
    Map<String, Object> files =
        new HashMap<>(Map.of("certificateFile", "a", "keyFile", "b", "authoritiesFile", "c"));
    List<TlsIdentity> expected =
        List.of(new TlsIdentity("a", 0, "thole"), new TlsIdentity("b", 1, "thole"));

    for (Object value : List.of(
        "thole://a/thole, thole://b:1/thole",
        List.of("thole://a/thole", "thole://b:1/thole"),
        new String[] {"thole://a/thole", "thole://b:1/thole"})) {
      files.put("allowed", value);
      assertEquals(expected, TcpSettings.of(files).tls().allowed());
    }
    files.put("allowed", "thole://a/thole,b");
    ConfigurationException refusal =
        assertThrows(ConfigurationException.class, () -> TcpSettings.of(files));
    assertEquals("allowed=b", refusal.key() + "=" + refusal.value());
  }

  @Test // E8
  void looksAtTheSettingsNotBeforeTheBind() {
    TcpTransportComponent component =
        new TcpTransportComponent(Path.of(""), Map.of("insecure", "perhaps"));

    ConfigurationException refusal = assertThrows(
        ConfigurationException.class,
        () -> component.bind(
            new BindAddress("127.0.0.1", 0), new Introduction("thole", 1), new Deaf()));

    assertEquals("tcp", component.name());
    assertEquals("true, false", refusal.allowed());
  }
}
