package io.thole.gossip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.gossip.GossipMessage.Ack;
import io.thole.gossip.GossipMessage.Agreed;
import io.thole.gossip.GossipMessage.Body;
import io.thole.gossip.GossipMessage.Buckets;
import io.thole.gossip.GossipMessage.Digest;
import io.thole.gossip.GossipMessage.Nack;
import io.thole.gossip.GossipMessage.Ping;
import io.thole.gossip.GossipMessage.ProbeRequest;
import io.thole.gossip.Update.Accuser;
import io.thole.gossip.Update.Claim;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** J6: whatever a peer sends is input. */
class GossipCodecTest {
  private static final List<String> HOSTS = List.of(
      "10.0.0.1", "a", "::1", "2001:db8::ff00:42:8329", "node-7.cluster.example", "x".repeat(63));

  /** Checking a short IPv6 host makes the most garbage for each of its bytes; what counts is that it is in proportion. */
  private static final int MOST_BYTES_PER_BYTE = 256;

  private static NodeId node(SplittableRandom random) {
    Authority address =
        new Authority(HOSTS.get(random.nextInt(HOSTS.size())), 1 + random.nextInt(65_535));
    return new NodeId(address, random.nextLong(Long.MAX_VALUE));
  }

  private static Update update(SplittableRandom random) {
    List<Accuser> accusers = new ArrayList<>();
    for (int i = random.nextInt(Suspicion.MOST_ACCUSERS + 1); i > 0; i--) {
      accusers.add(new Accuser(node(random), random.nextBoolean()));
    }
    List<Claim> claims = List.of(Claim.ALIVE, Claim.SUSPECT, Claim.DEAD, Claim.LEFT);
    Claim claim = claims.get(random.nextInt(claims.size()));
    return new Update(claim, node(random), random.nextInt(Integer.MAX_VALUE), accusers);
  }

  private static List<Long> words(int count, SplittableRandom random) {
    return random.longs(count).boxed().toList();
  }

  private static List<Body> oneOfEach(SplittableRandom random) {
    return List.of(
        new Ping(random.nextInt()),
        new Ack(random.nextInt()),
        new Nack(random.nextInt()),
        new ProbeRequest(random.nextInt(), node(random)),
        new GossipMessage.Rumors(),
        new Digest(words(Digests.BUCKETS, random)),
        new Buckets(random.nextLong(), random.nextBoolean()),
        new Agreed(random.nextLong(), words(random.nextInt(158), random)));
  }

  private static GossipMessage message(Body body, int most, SplittableRandom random) {
    List<Update> updates = new ArrayList<>();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      updates.add(update(random));
    }
    return new GossipMessage(random.nextInt(Integer.MAX_VALUE), random.nextLong(), body, updates);
  }

  private static byte[] bytes(GossipMessage message) {
    ByteBuffer bytes = ByteBuffer.allocate(message.encodedBytes());
    message.encode(bytes);
    assertFalse(bytes.hasRemaining(), "it is as long as it said");
    return bytes.array();
  }

  private static Optional<GossipMessage> read(byte[] bytes) {
    return GossipMessage.decode(ByteBuffer.wrap(bytes));
  }

  @Test
  void readsWhatItWrites() {
    for (long seed = 1; seed <= 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      for (Body body : oneOfEach(random)) {
        GossipMessage message = message(body, 20, random);

        assertEquals(Optional.of(message), read(bytes(message)), "seed " + seed);
      }
    }
  }

  @Test
  void writesTheseBytes() {
    Update update = new Update(
        Claim.SUSPECT,
        new NodeId(new Authority("a", 258), 3),
        4,
        List.of(new Accuser(new NodeId(new Authority("b", 1), 5), true)));

    byte[] expected = {
      2, 1, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 8, // version, ping, refutation, view
      0, 0, 0, 9, 0, 0, 0, 1, // sequence, updates
      1, 1, 'a', 1, 2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 4, 1, // claim, node, refutation, accusers
      1, 1, 'b', 0, 1, 0, 0, 0, 0, 0, 0, 0, 5
    };
    assertArrayEquals(expected, bytes(new GossipMessage(7, 8, new Ping(9), List.of(update))));
  }

  @Test
  void takesNoMessageThatIsCutOrHasMoreBehindIt() {
    SplittableRandom random = new SplittableRandom(1);
    for (Body body : oneOfEach(random)) {
      byte[] bytes = bytes(message(body, 3, random));

      for (int length = 0; length < bytes.length; length++) {
        assertEquals(Optional.empty(), read(Arrays.copyOf(bytes, length)), body + " " + length);
      }
      assertEquals(Optional.empty(), read(Arrays.copyOf(bytes, bytes.length + 1)), body + "");
    }
  }

  @Test
  void takesNoOtherVersionTypeOrNegativeNumber() {
    byte[] sound = bytes(new GossipMessage(0, 0, new Ping(1), List.of()));
    assertTrue(read(sound).isPresent());

    for (int value = 0; value < 256; value++) {
      assertEquals(value == GossipCodec.VERSION, read(with(sound, 0, value)).isPresent());
    }
    assertEquals(Optional.empty(), read(with(sound, 1, 0)));
    assertEquals(Optional.empty(), read(with(sound, 1, 9)));
    assertEquals(Optional.empty(), read(with(sound, 2, 0x80)), "refutation");
    assertEquals(Optional.empty(), read(with(sound, 18, 0x80)), "updates");
    assertEquals(Optional.empty(), read(with(sound, 21, 1)), "updates that are not there");
  }

  @Test
  void takesNoAddressThatIsNone() {
    byte[] sound =
        bytes(new GossipMessage(0, 0, new GossipMessage.Rumors(), List.of(alive("a", 1))));
    int host = GossipCodec.HEADER_BYTES + 2;
    assertTrue(read(sound).isPresent());

    assertEquals(Optional.empty(), read(with(sound, host, ' ')));
    assertEquals(Optional.empty(), read(with(sound, host, 0xC3)));
    assertEquals(Optional.empty(), read(with(sound, host - 1, 0)));
    assertEquals(Optional.empty(), read(with(sound, host - 1, 255)));
    assertEquals(Optional.empty(), read(with(sound, host + 2, 0)), "port 0");
    assertEquals(Optional.empty(), read(with(sound, host + 3, 0x80)), "incarnation");
    assertEquals(Optional.empty(), read(with(sound, host + 11, 0x80)), "refutation");
    assertEquals(Optional.empty(), read(with(sound, host + 15, 7)), "accusers");
  }

  private static Update alive(String host, int port) {
    return new Update(Claim.ALIVE, new NodeId(new Authority(host, port), 1), 0, List.of());
  }

  private static byte[] with(byte[] bytes, int place, int value) {
    byte[] changed = bytes.clone();
    changed[place] = (byte) value;
    return changed;
  }

  @Test
  void neverThrowsAndTakesNoMoreMemoryThanAFewTimesWhatCame() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    SplittableRandom random = new SplittableRandom(7);
    List<byte[]> sound = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      oneOfEach(random).forEach(body -> sound.add(bytes(message(body, 1, random))));
    }

    int read = 0;
    for (int i = 0; i < 120_000; i++) {
      ByteBuffer input = ByteBuffer.wrap(input(sound, random));
      long before = threads.getThreadAllocatedBytes(thread);
      Optional<GossipMessage> message = GossipMessage.decode(input);
      long taken = threads.getThreadAllocatedBytes(thread) - before;

      read += message.isPresent() ? 1 : 0;
      long most = 65_536 + (long) MOST_BYTES_PER_BYTE * input.capacity();
      assertTrue(
          i < 1_000 || taken <= most,
          "input " + i + ": " + taken + " bytes for " + input.capacity());
    }

    assertTrue(read > 1_000 && read < 119_000, "some make sense: " + read);
  }

  private static byte[] input(List<byte[]> sound, SplittableRandom random) {
    byte[] bytes = sound.get(random.nextInt(sound.size())).clone();
    switch (random.nextInt(4)) {
      case 0 -> {
        bytes = new byte[random.nextInt(300)];
        random.nextBytes(bytes);
        if (bytes.length > 1) { // else none would be read beyond its version
          bytes[0] = GossipCodec.VERSION;
          bytes[1] = (byte) random.nextInt(10);
        }
      }
      case 1 -> bytes = Arrays.copyOf(bytes, random.nextInt(2 * bytes.length));
      default -> {
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
      }
    }
    return bytes;
  }

  @Test
  void makesNoRoomForWhatIsOnlyPromised() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    byte[] updates = bytes(new GossipMessage(0, 0, new Ping(1), List.of()));
    byte[] words = bytes(new GossipMessage(0, 0, new Agreed(1, List.of()), List.of()));
    byte[] manyUpdates = with(with(updates, 20, 0x4E), 21, 0x20); // 20,000
    byte[] moreUpdates = with(updates, 18, 0x7F);
    byte[] manyWords = with(words, 23, 157);
    byte[] moreWords = with(words, 22, 0x7F);

    for (byte[] bytes : List.of(manyUpdates, moreUpdates, manyWords, moreWords)) {
      read(bytes);
      long before = threads.getThreadAllocatedBytes(thread);
      assertEquals(Optional.empty(), read(bytes));
      long taken = threads.getThreadAllocatedBytes(thread) - before;

      assertTrue(taken < 4_096, taken + " bytes");
    }
  }
}
