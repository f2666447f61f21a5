package io.thole.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
  private static final Usage WAIT = Usage.of("wait NAME [OTHER] [--for T] [-f]", "Waits.");

  @ParameterizedTest
  @CsvSource({
    "30s, PT30S",
    "5m, PT5M",
    "2H, PT2H",
    "1d, PT24H",
    "1d2h, PT26H",
    "1h30m, PT1H30M",
    "PT5M, PT5M"
  })
  void readsDurationsAsPeopleAndStandardsWriteThem(String text, Duration expected) {
    Arguments arguments = Arguments.parse(WAIT, List.of("a", "--for", text));

    assertEquals(Optional.of(expected), arguments.duration("--for"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "0s", "-5m", "5 m", "m5", "PT-1S", "999999999999d", "30s5m"})
  void refusesWhatIsNoDurationAboveZero(String text) {
    Arguments arguments = Arguments.parse(WAIT, List.of("a", "--for", text));

    assertThrows(CommandFailedException.class, () -> arguments.duration("--for"));
  }

  @Test
  void takesOptionsAnywhere() {
    Arguments arguments = Arguments.parse(WAIT, List.of("-f", "a", "--for", "-", "b"));

    assertEquals(List.of("a", "b"), arguments.words());
    assertEquals(Optional.of("-"), arguments.value("--for"));
  }

  @Test
  void helpWantsNoOtherWords() {
    Arguments arguments = Arguments.parse(WAIT, List.of("--help"));

    assertEquals(List.of(), arguments.words());
  }
}
