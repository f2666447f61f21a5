package io.thole.gossip;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.gossip.GossipMessage.Ack;
import io.thole.gossip.GossipMessage.Agreed;
import io.thole.gossip.GossipMessage.Buckets;
import io.thole.gossip.GossipMessage.Digest;
import io.thole.gossip.GossipMessage.Nack;
import io.thole.gossip.GossipMessage.Ping;
import io.thole.gossip.GossipMessage.ProbeRequest;
import io.thole.gossip.GossipMessage.Rumors;
import io.thole.spi.Channel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Holds docs/protocol.md to what gossipers say. */
class ProtocolPageTest {
  private final String page = page();

  @Test
  void listsEveryMessageOfGossip() {
    NodeId node = new NodeId(new Authority("a", 1), 1);
    List<Long> words = Collections.nCopies(64, 0L);
    Map<String, GossipMessage.Body> bodies = Map.of(
        "PING", new Ping(1),
        "ACK", new Ack(1),
        "NACK", new Nack(1),
        "PROBE", new ProbeRequest(1, node),
        "RUMOURS", new Rumors(),
        "DIGEST", new Digest(words),
        "BUCKETS", new Buckets(1, true),
        "AGREED", new Agreed(1, words));

    bodies.forEach((name, body) -> {
      GossipMessage message = new GossipMessage(0, 0, body, List.of());
      ByteBuffer bytes = ByteBuffer.allocate(message.encodedBytes());
      message.encode(bytes);
      assertStated("`gossip` %d,", bytes.get(0));
      assertStated("| " + name + " (%d) |", bytes.get(1));
    });
    assertStated("not longer than %,d bytes is cast", Channel.CAST_LIMIT);
  }

  private void assertStated(String format, Object... limits) {
    String stated = String.format(Locale.ROOT, format, limits);
    assertTrue(page.contains(stated), stated);
  }

  private static String page() {
    try {
      return Files.readString(
              Path.of(System.getProperty("basedir", ".")).resolve("../docs/protocol.md"))
          .replace('\n', ' ');
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
