package io.thole.core.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.spi.Channel;
import io.thole.spi.Encodable;
import io.thole.spi.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds docs/protocol.md to what links send. */
class ProtocolPageTest {
  /** What stands before a frame of the link, and before the message in its batch. */
  private static final int HEADER_DIGITS = 2 * 6;

  private static final int MESSAGE_AT =
      2 * (LinkFrame.BATCH_HEADER_BYTES + LinkFrame.MESSAGE_HEADER_BYTES);

  private final String page = page();

  @Test
  void listsEveryFrameAndMessageOfALink() {
    Map<String, Integer> types = Map.of(
        "OPEN", LinkFrame.OPEN,
        "BATCH", LinkFrame.BATCH,
        "ACK", LinkFrame.ACK,
        "REFUSED", LinkFrame.REFUSED,
        "CAST", LinkFrame.CAST,
        "DESCRIBE", LinkMessage.Description.TYPE,
        "OPENED", LinkMessage.Opened.TYPE,
        "CLOSED", LinkMessage.Closed.TYPE,
        "LEAVING", LinkMessage.Leaving.TYPE);

    types.forEach(this::assertRow);
    assertStated("| %,d kinds |", LinkMessage.MOST_KINDS);
    assertStated("At most 8 MiB or %,d frames wait for one node", LinkSender.MOST_FRAMES);
    assertStated("One message has at most %,d bytes.", Transport.MESSAGE_LIMIT);
    assertStated("the message, to the end: up to %,d bytes |", Channel.CAST_LIMIT);
    assertEquals(8 << 20, LinkSender.SEND_LIMIT);
    assertEquals(16 << 20, LinkSender.REPLY_LIMIT);
  }

  @Test
  void showsAnOpenAndABatchAsTheyAre() {
    String batch = hex("published").substring(HEADER_DIGITS);
    ByteBuffer message = ByteBuffer.wrap(HexFormat.of().parseHex(batch.substring(MESSAGE_AT)));
    List<String> sent = new ArrayList<>();
    LinkSender sender = new LinkSender(1, new Plenty());
    LinkSender.Wire wire = frame -> sent.add(HexFormat.of().formatHex(bytes(frame)));

    sender.onConnected(wire);
    sender.owe(1, 7);
    sender.onOpen(0, 0);
    for (int i = 1; i < 9; i++) {
      sender.offer(0, of(ByteBuffer.allocate(1)), LinkSender.SEND_LIMIT);
    }
    sender.pump(wire);
    sender.onDrained();
    sender.offer(2, of(message), LinkSender.SEND_LIMIT);
    sender.pump(wire);

    assertEquals(sent.get(0), hex("open").substring(HEADER_DIGITS));
    assertEquals(sent.get(2), batch);
    assertEquals(
        String.format("0102%08x", batch.length() / 2),
        hex("published").substring(0, HEADER_DIGITS));
  }

  private void assertRow(String name, Integer type) {
    assertTrue(page.contains("\n| " + name + " (" + type + ") |"), name + " " + type);
  }

  private void assertStated(String format, Object... limits) {
    String stated = String.format(Locale.ROOT, format, limits);
    assertTrue(page.replace('\n', ' ').contains(stated), stated);
  }

  private static Encodable of(ByteBuffer message) {
    return new Encodable() {
      @Override
      public int encodedBytes() {
        return message.remaining();
      }

      @Override
      public void encode(ByteBuffer target) {
        target.put(message.duplicate());
      }
    };
  }

  private static byte[] bytes(ByteBuffer frame) {
    byte[] bytes = new byte[frame.remaining()];
    frame.duplicate().get(bytes);
    return bytes;
  }

  private String hex(String example) {
    String block = page.split("```hex " + example + "\n", 2)[1].split("```", 2)[0];
    return block
        .lines()
        .map(line -> line.substring(0, Math.min(26, line.length())).replace(" ", ""))
        .collect(Collectors.joining());
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
