package io.thole.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorityTest {
  @ParameterizedTest
  @CsvSource({
    "Host.Example:80, host.example:80",
    "host.example.:80, host.example:80",
    "system@host:1, host:1",
    "' host:65535 ', host:65535",
    "host:00080, host:80",
    "127.0.0.1:1, 127.0.0.1:1",
    "[::1]:1, [::1]:1",
    "system@[0:0:0:0:0:0:0:1]:1, [::1]:1",
    "[2001:0DB8:0:0:1:0:0:1]:1, [2001:db8::1:0:0:1]:1",
    "[1:0:3:4:5:6:7:8]:1, [1:0:3:4:5:6:7:8]:1",
    "[1:2:3:4:5:6:7::]:1, [1:2:3:4:5:6:7:0]:1",
    "[::]:1, [::]:1",
    "my_service-1:1, my_service-1:1"
  })
  void hasOneNormalForm(String text, String normal) { // D5
    Authority authority = Authority.parse(text);

    assertEquals(normal, authority.toString());
    assertEquals(authority, Authority.parse(normal));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "host",
        ":80",
        "host:",
        "host:0",
        "host:65536",
        "host:-1",
        "host:80x",
        "host:\u0661",
        "::1:80",
        "[::1]",
        "[host]:80",
        "[:::1]:80",
        "[1::2::3]:80",
        "[1:2:3:4:5:6:7]:80",
        "[1:2:3:4:5:6:7:8:9]:80",
        "[12345::]:80",
        "[fe80::1%eth0]:80",
        "256.0.0.1:80",
        "1.2.3:80",
        "127.0.0.01:80",
        "1234:80",
        "-host:80",
        "ho st:80",
        "host..example:80",
        "b\u00fccher.example:80",
        "host\n:80",
        "a@b@c:80"
      })
  void refusesWhatIsNoAddressAndNamesIt(String text) { // D5, D9
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> Authority.parse(text));

    String message = String.valueOf(refused.getMessage());
    assertEquals(
        "malformed address " + Escaped.of(text),
        message.substring(0, message.indexOf(": ", 18 + Escaped.of(text).length())));
  }

  @Test
  void refusesANameThatIsTooLong() {
    String label = "a".repeat(63);
    String longest = String.join(".", label, label, label, "a".repeat(61));

    assertEquals(longest, new Authority(longest, 1).host());
    assertThrows(IllegalArgumentException.class, () -> new Authority(longest + "a", 1));
    assertThrows(IllegalArgumentException.class, () -> new Authority(label + "a", 1));
  }

  @Test
  void isOrderedAsItsText() { // B1
    List<Authority> sorted = java.util.stream.Stream.of("b:1", "a:9", "a:10", "a-b:1")
        .map(Authority::parse)
        .sorted()
        .toList();

    assertEquals("[a-b:1, a:10, a:9, b:1]", sorted.toString());
  }

  @Test
  void isOrderedAsItsTextWhateverItIsMadeOf() { // B1: nodes that sorted otherwise would have other
    // hashes
    List<String> hosts = List.of(
        "a",
        "a-b",
        "a.b",
        "ab",
        "a_b",
        "b",
        "0a",
        "_",
        "127.0.0.1",
        "127.0.0.10",
        "::1",
        "::10",
        "2001:db8::1",
        "2001:db8::1:0:0:1",
        "fe80::");
    List<Integer> ports =
        List.of(1, 2, 9, 10, 11, 19, 80, 99, 100, 8_000, 8_080, 9_999, 10_000, 65_535);
    List<Authority> all = hosts.stream()
        .flatMap(host -> ports.stream().map(port -> new Authority(host, port)))
        .toList();

    for (Authority one : all) {
      for (Authority other : all) {
        assertEquals(
            Integer.signum(one.toString().compareTo(other.toString())),
            Integer.signum(one.compareTo(other)),
            one + " and " + other);
      }
    }
  }
}
