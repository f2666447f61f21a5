package io.thole.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LoadMessageTest {
  private static final LoadMessage MESSAGE = new LoadMessage("7-abc", 42);

  @Test
  void isAsLongAsWantedAndNeverShorterThanWhatItSays() {
    for (int bytes : List.of(0, 14, 15, 16, 1 << 20)) {
      byte[] payload = MESSAGE.encode(bytes);

      assertEquals(Math.max(bytes, "load 7-abc 42 ".length()), payload.length);
      assertEquals(Optional.of(MESSAGE), LoadMessage.decode(payload));
    }
  }

  @Test
  void passesOverWhatOthersSay() {
    for (String text :
        List.of("", "load", "hello world", "load a 1", "load A\n 1 ", "load a 1 x")) {
      assertEquals(Optional.empty(), LoadMessage.decode(text.getBytes(UTF_8)), text);
    }
    for (long seed = 0; seed < 1_000; seed++) {
      byte[] payload = MESSAGE.encode(0);
      new Random(seed).nextBytes(payload);

      assertEquals(Optional.empty(), LoadMessage.decode(payload), "seed " + seed);
    }
  }
}
