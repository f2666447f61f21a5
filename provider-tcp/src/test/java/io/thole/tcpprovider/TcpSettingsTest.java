package io.thole.tcpprovider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.thole.api.BindAddress;
import io.thole.api.ConfigurationException;
import io.thole.spi.Introduction;
import java.time.Duration;
import java.util.Map;
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
        8_388_608);

    assertEquals(expected, TcpSettings.of(Map.of("service.pid", "x")));
  }

  @ParameterizedTest // P1: 0 never means "unlimited"
  @CsvSource({
    "helloMillis, 1, 600000",
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

  @Test // E8
  void looksAtTheSettingsNotBeforeTheBind() {
    TcpTransportComponent component = new TcpTransportComponent(Map.of("insecure", "perhaps"));

    ConfigurationException refusal = assertThrows(
        ConfigurationException.class,
        () -> component.bind(
            new BindAddress("127.0.0.1", 0), new Introduction("thole", 1), new Deaf()));

    assertEquals("tcp", component.name());
    assertEquals("true, false", refusal.allowed());
  }
}
