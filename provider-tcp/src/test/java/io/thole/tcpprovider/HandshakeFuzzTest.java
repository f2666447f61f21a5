package io.thole.tcpprovider;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.tcpprovider.FrameHeader.Reading;
import io.thole.tcpprovider.Handshake.Stage;
import io.thole.tcpprovider.Handshake.Step;
import io.thole.testkit.fuzz.Fuzzer;
import io.thole.testkit.fuzz.Samples;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * P1: a connection from its first byte on, frame after frame, as {@link TcpConnection} reads it; against a table of what may
 * follow what that is written down here once more.
 */
class HandshakeFuzzTest {
  private static final NodeId SELF = new NodeId(new Authority("127.0.0.5", 26_050), 7);
  private static final List<NodeId> PEERS = List.of(
      new NodeId(new Authority("127.0.0.1", 1), 1), // is the arbiter
      new NodeId(new Authority("127.0.0.9", 9), 9)); // is not

  /** A frame that was whole, and what it meant. */
  private record Taken(FrameType type, ByteBuffer frame, Step step) {}

  @Test
  void connections() {
    Fuzzer<List<Object>> fuzzer = Fuzzer.of(
        "Handshake",
        HandshakeFuzzTest::connection,
        HandshakeFuzzTest::read,
        HandshakeFuzzTest::states);
    for (Stage stage : List.of(Stage.HELLO_DUE, Stage.WELCOME_DUE, Stage.OPEN)) {
      for (FrameType type : FrameType.values()) {
        fuzzer = fuzzer.reaching(stage + " " + type);
      }
    }
    fuzzer
        .reaching("Introduced", "Welcomed", "Data", "Goodbye", "Redundant", "Rejected")
        .reaching("refused VERSION", "refused TYPE", "refused LENGTH", "partial")
        .allocating(256, 16 << 10) // a connection of many empty frames, each a step
        .run();
  }

  private static byte[] connection(SplittableRandom random) {
    List<FrameType> types = new ArrayList<>(List.of(FrameType.HELLO, FrameType.WELCOME));
    for (int i = random.nextInt(6); i > 0; i--) {
      types.add(random.nextInt(4) == 0 ? FrameType.GOODBYE : FrameType.DATA);
    }
    if (random.nextInt(3) == 0) { // one out of turn
      types.set(random.nextInt(types.size()), Samples.oneOf(List.of(FrameType.values()), random));
    }
    ByteBuffer bytes = ByteBuffer.allocate(8_192);
    for (FrameType type : types) {
      byte[] frame = frame(type, random);
      new FrameHeader(type, frame.length).encode(bytes);
      bytes.put(frame);
    }
    byte[] all = new byte[bytes.flip().remaining()];
    bytes.get(all);
    return all;
  }

  private static byte[] frame(FrameType type, SplittableRandom random) {
    return switch (type) {
      case HELLO ->
        new Hello(
                random.nextInt(10) == 0 ? "harbour" : "thole",
                random.nextInt(10) == 0 ? SELF : Samples.oneOf(PEERS, random))
            .encoded();
      case DATA -> Samples.bytes(random, 100);
      case WELCOME, REDUNDANT, GOODBYE -> new byte[0];
    };
  }

  /** Returns each frame with its step, and at the end the reading that was no frame, unless the connection was over before. */
  private static List<Object> read(ByteBuffer input) {
    Handshake handshake =
        new Handshake(new Hello("thole", SELF), Proof.NOT_ASKED, TcpSettings.DEFAULTS, 0);
    List<Object> read = new ArrayList<>();
    boolean over = false;
    while (!over) {
      Reading reading = FrameHeader.decode(input);
      if (reading instanceof Reading.Whole whole) {
        Step step = handshake.onFrame(whole.header().type(), whole.frame().duplicate());
        read.add(new Taken(whole.header().type(), whole.frame(), step));
        over = !(step instanceof Step.Introduced
            || step instanceof Step.Welcomed
            || step instanceof Step.Data);
      } else {
        read.add(reading);
        over = true;
      }
    }
    return read;
  }

  private static Set<String> states(byte[] input, List<Object> read) {
    Set<String> states = new LinkedHashSet<>();
    Stage stage = Stage.HELLO_DUE;
    boolean arbiter = false;
    for (Object next : read) {
      if (next instanceof Taken taken) {
        states.add(stage + " " + taken.type());
        states.add(taken.step().getClass().getSimpleName());
        Optional<Hello> hello =
            taken.type() == FrameType.HELLO ? Hello.decode(taken.frame()) : Optional.empty();
        assertEquals(
            expected(stage, arbiter, taken.type(), hello),
            taken.step().getClass(),
            stage + " " + taken);
        stage = taken.step() instanceof Step.Introduced
            ? Stage.WELCOME_DUE
            : taken.step() instanceof Step.Welcomed ? Stage.OPEN : stage;
        arbiter = hello
            .map(said -> SELF.authority().compareTo(said.node().authority()) < 0)
            .orElse(arbiter);
      } else {
        states.add(
            next instanceof Reading.Refused refused ? "refused " + refused.refusal() : "partial");
      }
    }
    return states;
  }

  private static Class<? extends Step> expected(
      Stage stage, boolean arbiter, FrameType type, Optional<Hello> hello) {
    boolean welcome = hello
        .filter(said -> said.cluster().equals("thole"))
        .filter(said -> !said.node().authority().equals(SELF.authority()))
        .isPresent();
    return switch (stage + " " + type) {
      case "HELLO_DUE HELLO" -> welcome ? Step.Introduced.class : Step.Rejected.class;
      case "WELCOME_DUE WELCOME" -> Step.Welcomed.class;
      case "WELCOME_DUE REDUNDANT" -> arbiter ? Step.Rejected.class : Step.Redundant.class;
      case "OPEN DATA" -> Step.Data.class;
      case "OPEN GOODBYE" -> Step.Goodbye.class;
      default -> Step.Rejected.class;
    };
  }
}
