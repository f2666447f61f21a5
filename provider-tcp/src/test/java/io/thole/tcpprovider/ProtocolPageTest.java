package io.thole.tcpprovider;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.spi.TopologyPublisher;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds docs/protocol.md to what the transport and the provider send. */
class ProtocolPageTest {
  private static final NodeId DIALLER =
      new NodeId(new Authority("127.0.0.1", 26_051), 0x688176f37490c001L);

  private final String page = page();

  @Test
  void listsEveryFrameWithItsNumberAndLimit() {
    for (FrameType type : FrameType.values()) {
      String row = row(type + " (" + type.code() + ")");
      String limit = String.format(Locale.ROOT, "%,d", type.limit());
      assertTrue(row.contains("| " + limit + " bytes |") || row.contains("| 0 |"), row);
      assertEquals(type.limit() == 0, row.contains("| 0 |"), row);
    }
  }

  @Test
  void listsEveryMessageOfTheProvider() {
    Map<String, MembershipMessage> messages = Map.of(
        "JOIN", new MembershipMessage.Join(),
        "WELCOME", new MembershipMessage.Welcome(true, List.of()));

    messages.forEach((name, message) -> {
      ByteBuffer bytes = ByteBuffer.allocate(message.encodedBytes());
      message.encode(bytes);
      assertTrue(page.contains("\n| " + name + " (" + bytes.get(1) + ") |"), name);
    });
    assertTrue(page.contains(String.format(
        Locale.ROOT,
        "| %,d nodes each, %,d in all |",
        MembershipMessage.CHUNK,
        TopologyPublisher.LIMIT)));
    assertTrue(page.contains(
        String.format(Locale.ROOT, "| %,d are remembered |", Membership.MOST_DEPARTED)));
    assertTrue(page.replace('\n', ' ')
        .contains("a " + (MembershipRun.WAITING + 1) + "th message that waits"));
  }

  @Test
  void showsAHandshakeAsItIs() {
    assertArrayEquals(
        framed(FrameType.HELLO, new Hello("thole", DIALLER).encoded()), bytes("hello"));
    assertArrayEquals(framed(FrameType.WELCOME), bytes("welcome"));
  }

  private static byte[] framed(FrameType type, byte... frame) {
    ByteBuffer bytes = ByteBuffer.allocate(FrameHeader.BYTES + frame.length);
    new FrameHeader(type, frame.length).encode(bytes);
    return bytes.put(frame).array();
  }

  private String row(String name) {
    return page.lines()
        .filter(line -> line.startsWith("| " + name + " |"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no row " + name));
  }

  private byte[] bytes(String example) {
    String block = page.split("```hex " + example + "\n", 2)[1].split("```", 2)[0];
    return HexFormat.of()
        .parseHex(block
            .lines()
            .map(line -> line.substring(0, Math.min(26, line.length())).replace(" ", ""))
            .collect(Collectors.joining()));
  }

  private static String page() {
    try {
      return Files.readString(
          Path.of(System.getProperty("basedir", ".")).resolve("../docs/protocol.md"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
