package io.thole.pubsub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.pubsub.Outcome;
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

/** Holds docs/protocol.md to what brokers send. */
class ProtocolPageTest {
  private final String page = page();

  @Test
  void listsEveryMessage() {
    Map<String, Byte> types = Map.ofEntries(
        Map.entry("TABLE", PeerMessage.Table.TYPE),
        Map.entry("SUBSCRIBED", PeerMessage.Subscribed.TYPE),
        Map.entry("UNSUBSCRIBED", PeerMessage.Unsubscribed.TYPE),
        Map.entry("ACKNOWLEDGED", PeerMessage.Acknowledged.TYPE),
        Map.entry("PUBLISHED", PeerMessage.Published.TYPE),
        Map.entry("REPORTED", PeerMessage.Reported.TYPE),
        Map.entry("STREAMING", PeerMessage.Streaming.TYPE),
        Map.entry("STREAMED", PeerMessage.Streamed.TYPE),
        Map.entry("PROGRESSED", PeerMessage.Progressed.TYPE),
        Map.entry("STREAM ENDED", PeerMessage.StreamEnded.TYPE),
        Map.entry("DROPPED", PeerMessage.Dropped.TYPE),
        Map.entry("LABELLED", PeerMessage.Published.LABELLED));

    types.forEach((name, type) ->
        assertTrue(page.contains("\n| " + name + " (" + type + ") |"), name + " " + type));
  }

  @Test
  void statesTheLimits() {
    assertStated("| %,d each, %,d in all |", PeerMessage.CHUNK, PeerSession.SUBSCRIPTIONS);
    assertStated("| %,d of a peer, %,d topics |", PeerSession.SUBSCRIPTIONS, Routes.TOPICS);
    assertStated("| %,d targets, %d MiB of payload |", PeerMessage.TARGETS, 1);
    assertStated("| %,d each; [room](#", PeerMessage.OUTCOMES);
    assertStated(
        "| %,d streams of a peer, %,d targets, none twice |",
        PeerSession.STREAMS, PeerMessage.TARGETS);
    assertStated(
        "%,d items and %d KiB of payload at the beginning,",
        Credit.FIRST.messages(), Credit.FIRST.bytes() >> 10);
    assertStated(
        ", %,d items and %d MiB of payload on their way |",
        Credit.MOST.messages(), Credit.MOST.bytes() >> 20);
    assertStated("| %,d gaps |", PeerMessage.OUTCOMES);
    assertEquals(1 << 20, PeerMessage.PAYLOAD_LIMIT);
  }

  @Test
  void showsAPublicationAndItsReportAsTheyAre() {
    PeerMessage published =
        new PeerMessage.Published(17, new long[] {5}, new int[] {0}, new byte[] {'h', 'i'});
    PeerMessage reported =
        new PeerMessage.Reported(List.of(new PeerMessage.Ended(17, 0, Outcome.DELIVERED)));

    assertTrue(hex("published").endsWith(hex(published)), hex(published));
    assertEquals(hex(reported), hex("reported"));
  }

  private void assertStated(String format, Object... limits) {
    String stated = String.format(Locale.ROOT, format, limits);
    assertTrue(page.replace('\n', ' ').contains(stated), stated);
  }

  private static String hex(PeerMessage message) {
    ByteBuffer bytes = ByteBuffer.allocate(message.encodedBytes());
    message.encode(bytes);
    return HexFormat.of().formatHex(bytes.array());
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
