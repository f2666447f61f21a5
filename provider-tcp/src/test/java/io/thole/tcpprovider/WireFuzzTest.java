package io.thole.tcpprovider;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thole.api.NodeId;
import io.thole.testkit.fuzz.Fuzzer;
import io.thole.testkit.fuzz.Samples;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** P1: what strangers may say before they are known, and what the providers of two nodes say. */
class WireFuzzTest {
  private static final int BYTES_PER_BYTE =
      256; // to check a short IPv6 host makes the most garbage for each of its bytes

  @Test
  void wireNodes() {
    Fuzzer.of("WireNode", WireFuzzTest::node, WireFuzzTest::takeNode, (input, taken) -> {
          if (taken.isEmpty()) {
            return List.of(input.length < 12 ? "short" : "no node");
          }
          byte[] written = node(taken.get());
          assertArrayEquals(written, Arrays.copyOf(input, written.length), "what it is written as");
          return List.of(written.length == input.length ? "a node" : "a node and more");
        })
        .reaching("a node", "a node and more", "no node", "short")
        .allocating(BYTES_PER_BYTE, 8 << 10)
        .run();
  }

  private static Optional<NodeId> takeNode(ByteBuffer input) {
    return WireNode.take(input);
  }

  private static byte[] node(SplittableRandom random) {
    return node(Samples.node(random));
  }

  private static byte[] node(NodeId node) {
    ByteBuffer bytes = ByteBuffer.allocate(WireNode.bytes(node));
    WireNode.put(node, bytes);
    return bytes.array();
  }

  @Test
  void hellos() {
    Fuzzer.of("Hello", WireFuzzTest::hello, Hello::decode, (input, hello) -> {
          hello.ifPresent(
              read -> assertArrayEquals(input, read.encoded(), "what it is written as"));
          return List.of(
              hello.isPresent() ? "a hello" : input.length == 0 ? "nothing" : "no hello");
        })
        .reaching("a hello", "no hello", "nothing")
        .allocating(BYTES_PER_BYTE, 8 << 10)
        .run();
  }

  private static byte[] hello(SplittableRandom random) {
    return new Hello(Samples.name(random, 64), Samples.node(random)).encoded();
  }

  @Test
  void membershipMessages() {
    Fuzzer.of(
            "MembershipMessage",
            WireFuzzTest::membershipMessage,
            MembershipMessage::decode,
            WireFuzzTest::statesOfMembership)
        .reaching("Join", "Welcome", "Welcome of several", "no 1", "no 2", "no type", "no version")
        .reaching("nothing")
        .allocating(BYTES_PER_BYTE, 8 << 10)
        .run();
  }

  private static byte[] membershipMessage(SplittableRandom random) {
    MembershipMessage message = random.nextInt(4) == 0
        ? new MembershipMessage.Join()
        : new MembershipMessage.Welcome(
            random.nextBoolean(),
            Stream.generate(() -> Samples.node(random))
                .limit(Samples.count(random, MembershipMessage.CHUNK))
                .toList());
    return Samples.encoded(message);
  }

  private static List<String> statesOfMembership(
      byte[] input, Optional<MembershipMessage> decoded) {
    if (decoded.isPresent()) {
      assertArrayEquals(input, Samples.encoded(decoded.get()), "what it is written as");
      String name = decoded.get().getClass().getSimpleName();
      boolean several = decoded.get() instanceof MembershipMessage.Welcome welcome
          && welcome.members().size() > 1;
      return several ? List.of(name, name + " of several") : List.of(name);
    }
    if (input.length < 2) {
      return List.of("nothing");
    }
    boolean type = input[1] == 1 || input[1] == 2;
    return List.of(input[0] != 1 ? "no version" : type ? "no " + input[1] : "no type");
  }

  @Test
  void frameHeaders() {
    Fuzzer.of("FrameHeader", WireFuzzTest::frame, FrameHeader::decode, WireFuzzTest::statesOfHeader)
        .reaching("HELLO", "WELCOME", "REDUNDANT", "DATA", "GOODBYE", "partial")
        .reaching("refused VERSION", "refused TYPE", "refused LENGTH")
        .run();
  }

  private static byte[] frame(SplittableRandom random) {
    FrameType type = Samples.oneOf(List.of(FrameType.values()), random);
    byte[] bytes = Samples.bytes(random, Math.min(type.limit(), 300));
    ByteBuffer frame = ByteBuffer.allocate(FrameHeader.BYTES + bytes.length);
    new FrameHeader(type, bytes.length).encode(frame);
    return frame.put(bytes).array();
  }

  private static List<String> statesOfHeader(byte[] input, FrameHeader.Reading reading) {
    if (reading instanceof FrameHeader.Reading.Whole whole) {
      int length = whole.header().length();
      byte[] frame = Arrays.copyOfRange(input, 6, 6 + length);
      assertEquals(ByteBuffer.wrap(frame), whole.frame());
      ByteBuffer header = ByteBuffer.allocate(FrameHeader.BYTES);
      whole.header().encode(header);
      assertArrayEquals(Arrays.copyOf(input, 6), header.array(), "what it is written as");
      return List.of(whole.header().type().name());
    } else if (reading instanceof FrameHeader.Reading.Partial partial) {
      int length = input.length < 6 ? 0 : ByteBuffer.wrap(input).getInt(2);
      assertEquals(6 + length - input.length, partial.bytes());
      return List.of("partial");
    }
    return List.of("refused " + ((FrameHeader.Reading.Refused) reading).refusal());
  }
}
