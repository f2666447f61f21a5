package io.thole.core.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.StartupMode;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinkMessageTest {
  private static final List<LinkMessage> MESSAGES = List.of(
      new LinkMessage.Description(StartupMode.CLIENT, List.of("echo", "a/b-C_9.z")),
      new LinkMessage.Description(StartupMode.MEMBER, List.of()),
      new LinkMessage.Opened(65_535, "pubsub"),
      new LinkMessage.Closed(1),
      new LinkMessage.Leaving());

  @Test
  void readsWhatItHasWritten() {
    for (LinkMessage message : MESSAGES) {
      assertEquals(Optional.of(message), LinkMessage.decode(encoded(message)));
    }
  }

  @Test
  void refusesWhatIsTruncatedOrTooLong() {
    for (LinkMessage message : MESSAGES) {
      ByteBuffer bytes = encoded(message);
      for (int length = 0; length < bytes.limit(); length++) {
        Optional<LinkMessage> read = LinkMessage.decode(bytes.slice(0, length));
        boolean shorterName = message instanceof LinkMessage.Opened && length > 3;
        assertEquals(shorterName, read.isPresent(), message + " cut to " + length);
      }
      ByteBuffer longer = ByteBuffer.allocate(bytes.limit() + 1).put(bytes).rewind();
      assertEquals(Optional.empty(), LinkMessage.decode(longer), message + " and a byte");
    }
  }

  @Test
  void survivesWhateverArrives() { // P1
    long seed = 42;
    Random random = new Random(seed);
    int sound = 0;
    for (int i = 0; i < 200_000; i++) {
      ByteBuffer bytes = encoded(MESSAGES.get(random.nextInt(MESSAGES.size())));
      for (int change = random.nextInt(4); change > 0; change--) {
        bytes.put(random.nextInt(bytes.limit()), (byte) random.nextInt(256));
      }
      sound += LinkMessage.decode(bytes).isPresent() ? 1 : 0;
    }

    assertTrue(sound > 10_000 && sound < 190_000, sound + " of 200,000 made sense, seed " + seed);
  }

  private static ByteBuffer encoded(LinkMessage message) {
    ByteBuffer bytes = ByteBuffer.allocate(message.encodedBytes());
    message.encode(bytes);
    assertEquals(0, bytes.remaining());
    return bytes.flip();
  }
}
