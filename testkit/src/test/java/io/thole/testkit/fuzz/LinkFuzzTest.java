package io.thole.testkit.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.StartupMode;
import io.thole.core.link.LinkFrame;
import io.thole.core.link.LinkMessage;
import io.thole.core.link.LinkReceiver;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** P1, L1: the frames of a link, its messages, and what its receiving half makes of a conversation. */
class LinkFuzzTest {
  private static final int MOST_KINDS = 1_000;

  @Test
  void linkMessages() {
    Fuzzer.of(
            "LinkMessage",
            random -> Samples.encoded(message(random)),
            LinkMessage::decode,
            LinkFuzzTest::statesOfMessage)
        .reaching("Description", "Opened", "Closed", "Leaving")
        .reaching("nothing", "no type", "no 1", "no 2", "no 3", "no 4")
        .allocating(
            128, 8 << 10) // the name of a kind may be one character; to check it takes a matcher
        .run();
  }

  private static List<String> statesOfMessage(byte[] input, Optional<LinkMessage> decoded) {
    if (decoded.isEmpty()) {
      int type = input.length == 0 ? 0 : input[0];
      return List.of(
          input.length == 0 ? "nothing" : type >= 1 && type <= 4 ? "no " + type : "no type");
    }
    assertArrayEquals(input, Samples.encoded(decoded.get()), "what it is written as");
    return List.of(decoded.get().getClass().getSimpleName());
  }

  @Test
  void linkFrames() {
    Fuzzer.of("LinkFrame", LinkFuzzTest::frame, LinkFuzzTest::heard, LinkFuzzTest::statesOfFrame)
        .reaching("open", "batch", "batch of several", "ack", "cast", "refused")
        .reaching("nothing", "no type", "no open", "no batch", "half a batch", "no ack", "no cast")
        .allocating(64, 8 << 10) // a byte of a reason may be six characters
        .run();
  }

  private static List<String> statesOfFrame(byte[] input, Heard heard) {
    if (input.length == 0) {
      return List.of("nothing");
    }
    String what = List.of("type", "open", "batch", "ack", "refused", "cast")
        .get(input[0] >= 1 && input[0] <= 5 ? input[0] : 0);
    if (!heard.sound) {
      return List.of((heard.lengths.isEmpty() ? "no " : "half a ") + what);
    }
    if (input[0] == 2) { // every byte belongs to the header, to that of a message, or to one
      int messages = heard.lengths.stream().mapToInt(length -> 6 + length).sum();
      assertEquals(input.length, 37 + messages);
      return heard.lengths.size() > 1 ? List.of(what, "batch of several") : List.of(what);
    }
    return List.of(what);
  }

  /** A conversation: frames one after the other, each behind its length (2). A link has a channel or more, and is replayed. */
  @Test
  void linkReceivers() {
    Fuzzer.of(
            "LinkReceiver",
            LinkFuzzTest::conversation,
            LinkFuzzTest::received,
            LinkFuzzTest::statesOfConversation)
        .reaching("NEW", "KNOWN", "WRONG", "another link", "described", "a channel opened")
        .reaching("a channel opened twice", "a channel closed", "leaving", "no link message")
        .allocating(128, 16 << 10)
        .run();
  }

  private static List<String> statesOfConversation(byte[] input, Heard heard) {
    assertTrue(heard.inOrder, "a message was passed on twice, or before another");
    return heard.states.isEmpty() ? List.of("silence") : heard.states;
  }

  private static LinkMessage message(SplittableRandom random) {
    return switch (random.nextInt(5)) {
      case 0 ->
        new LinkMessage.Description(
            Samples.oneOf(List.of(StartupMode.MEMBER, StartupMode.CLIENT), random),
            Stream.generate(() -> Samples.name(random, 255))
                .limit(Samples.count(random, MOST_KINDS))
                .toList());
      case 1, 2 ->
        new LinkMessage.Opened(
            1 + random.nextInt(random.nextInt(3) == 0 ? 0xFFFF : 3),
            random.nextInt(3) == 0 ? "pubsub" : Samples.name(random, 64));
      case 3 -> new LinkMessage.Closed(1 + random.nextInt(3));
      default -> new LinkMessage.Leaving();
    };
  }

  private static byte[] frame(SplittableRandom random) {
    return switch (random.nextInt(6)) {
      case 0 -> open(1 + random.nextInt(2), random.nextInt(3), Samples.number(random));
      case 1, 2 -> batch(random, 1 + random.nextInt(2), 1 + random.nextInt(4));
      case 3 ->
        ByteBuffer.allocate(17)
            .put((byte) 3)
            .putLong(1)
            .putLong(Samples.number(random))
            .array();
      case 4 -> bytes(LinkFrame.refused(Samples.name(random, 255)));
      default -> {
        byte[] message = Samples.bytes(random, 100);
        yield ByteBuffer.allocate(3 + message.length)
            .put((byte) 5)
            .putShort((short) 1)
            .put(message)
            .array();
      }
    };
  }

  private static byte[] open(long link, long known, long received) {
    return ByteBuffer.allocate(26)
        .put((byte) 1)
        .put((byte) LinkFrame.VERSION)
        .putLong(link)
        .putLong(known)
        .putLong(received)
        .array();
  }

  private static byte[] batch(SplittableRandom random, long link, long sequence) {
    List<byte[]> messages = Stream.generate(() -> Samples.encoded(message(random)))
        .limit(1 + Samples.count(random, 40))
        .toList();
    int bytes = messages.stream().mapToInt(message -> 6 + message.length).sum();
    ByteBuffer frame = ByteBuffer.allocate(37 + bytes).put((byte) 2).putLong(1).putLong(0);
    frame.putLong(link).putLong(sequence).putInt(messages.size());
    for (byte[] message : messages) {
      frame.putShort((short) random.nextInt(2)).putInt(message.length).put(message);
    }
    return frame.array();
  }

  private static byte[] conversation(SplittableRandom random) {
    List<byte[]> frames = new ArrayList<>();
    long link = 1;
    long sequence = 1;
    frames.add(open(link, 0, 0));
    for (int i = random.nextInt(6); i >= 0; i--) {
      if (random.nextInt(5) == 0) {
        link += random.nextInt(2);
        sequence = random.nextInt(2) == 0 ? 1 : sequence;
        frames.add(open(link, 0, 0));
      }
      byte[] batch = batch(random, link, sequence);
      frames.add(batch);
      if (random.nextInt(4) > 0) { // else it is sent again
        sequence += ByteBuffer.wrap(batch).getInt(33);
      }
    }
    ByteBuffer all =
        ByteBuffer.allocate(frames.stream().mapToInt(f -> 2 + f.length).sum());
    frames.stream()
        .filter(f -> f.length < 0xFFFF)
        .forEach(f -> all.putShort((short) f.length).put(f));
    return bytes(all.flip());
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private static Heard heard(ByteBuffer input) {
    Heard heard = new Heard();
    heard.onOpen(1, 0, 0); // nothing is taken of a link that has not said its number
    heard.sound = LinkFrame.read(input, heard);
    return heard;
  }

  private static Heard received(ByteBuffer input) {
    Heard heard = new Heard();
    boolean sound = true;
    while (sound && input.remaining() >= 2) {
      int length = Math.min(Short.toUnsignedInt(input.getShort()), input.remaining());
      sound = LinkFrame.read(input.slice(input.position(), length), heard);
      input.position(input.position() + length);
    }
    return heard;
  }

  /** The receiving half of a link, as a node has it, and what it has heard. */
  private static final class Heard implements LinkFrame.Reader {
    final List<Integer> lengths = new ArrayList<>();
    final List<String> states = new ArrayList<>();
    private final LinkReceiver receiver = new LinkReceiver();
    boolean sound;
    boolean inOrder = true;
    private long link;
    private long last;

    @Override
    public void onOpen(long other, long known, long received) {
      if (receiver.isAnother(other)) {
        states.add("another link");
      }
      receiver.onOpen(other);
      last = other == link ? last : 0;
      link = other;
    }

    @Override
    public void onAck(long of, long sequence) {}

    @Override
    public boolean onMessage(long of, long sequence, int channel, ByteBuffer message) {
      lengths.add(message.remaining());
      LinkReceiver.Passing passing = receiver.onMessage(of, sequence);
      states.add(passing.name());
      if (passing == LinkReceiver.Passing.NEW) {
        inOrder &= of == link && sequence == last + 1 && link != 0;
        last = sequence;
        return channel != LinkMessage.CHANNEL || control(message);
      }
      return passing == LinkReceiver.Passing.KNOWN;
    }

    private boolean control(ByteBuffer bytes) {
      LinkMessage message = LinkMessage.decode(bytes).orElse(null);
      if (message instanceof LinkMessage.Description description) {
        states.add("described");
        assertTrue(description.kinds().size() <= MOST_KINDS);
        return true;
      } else if (message instanceof LinkMessage.Opened opened) {
        boolean first = receiver.onOpened(opened.number(), opened.name());
        states.add(first ? "a channel opened" : "a channel opened twice");
        assertTrue(receiver.channels().size() <= 1_024);
        return first;
      } else if (message instanceof LinkMessage.Closed closed) {
        receiver.onClosed(closed.number()).ifPresent(name -> states.add("a channel closed"));
        return true;
      }
      states.add(message == null ? "no link message" : "leaving");
      return message != null;
    }

    @Override
    public boolean onCast(int channel, ByteBuffer message) {
      return true;
    }

    @Override
    public void onRefused(String reason) {
      assertTrue(reason.chars().allMatch(c -> c >= ' ' && c < 127), reason);
    }
  }
}
