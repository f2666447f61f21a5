package io.thole.grains;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.grain.GrainId;
import io.thole.grains.GrainMessage.Closing;
import io.thole.grains.GrainMessage.Failed;
import io.thole.grains.GrainMessage.Heeded;
import io.thole.grains.GrainMessage.Live;
import io.thole.grains.GrainMessage.Refusal;
import io.thole.grains.GrainMessage.Refused;
import io.thole.grains.GrainMessage.Reply;
import io.thole.grains.GrainMessage.Request;
import io.thole.grains.GrainMessage.Survey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Holds docs/protocol.md to what grains send. */
class ProtocolPageTest {
  private final String page;

  ProtocolPageTest() throws IOException {
    page = Files.readString(Path.of("../docs/protocol.md"));
  }

  @Test
  void listsEveryMessage() {
    GrainId id = new GrainId("kind", "key");
    Map<String, GrainMessage> messages = Map.of(
        "REQUEST", new Request(1, 0, 1, 2, id, List.of(), new byte[0]),
        "REPLY", new Reply(1, new byte[0]),
        "FAILED", new Failed(1, "type", "message"),
        "REFUSED", new Refused(1, Refusal.BUSY),
        "SURVEY", new Survey(1),
        "LIVE", new Live(1, true, List.of()),
        "CLOSING", new Closing(),
        "HEEDED", new Heeded());

    messages.forEach((name, message) -> assertStated("| %s (%d) |", name, type(message)));
    assertStated("| one hour, %d grains, 1 MiB |", GrainRequest.CHAIN_LIMIT);
    assertStated("| %,d each, %,d of a node |", GrainCodec.LIVE_LIMIT, Surveys.LIVE_LIMIT);
    assertStated("| cut to %,d each, shown escaped |", GrainCodec.FAILURE_LIMIT);
  }

  private static byte type(GrainMessage message) {
    ByteBuffer bytes = ByteBuffer.allocate(message.encodedBytes());
    message.encode(bytes);
    return bytes.get(1);
  }

  private void assertStated(String format, Object... limits) {
    String stated = String.format(Locale.ROOT, format, limits);
    assertTrue(page.replace('\n', ' ').contains(stated), stated);
  }
}
