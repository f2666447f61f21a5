package io.thole.tcpprovider;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.tcpprovider.FrameHeader.Reading.Refused;
import io.thole.tcpprovider.FrameHeader.Refusal;
import io.thole.tcpprovider.Handshake.Stage;
import io.thole.tcpprovider.Handshake.Step;
import io.thole.tcpprovider.Handshake.Step.Data;
import io.thole.tcpprovider.Handshake.Step.Goodbye;
import io.thole.tcpprovider.Handshake.Step.Introduced;
import io.thole.tcpprovider.Handshake.Step.Redundant;
import io.thole.tcpprovider.Handshake.Step.Rejected;
import io.thole.tcpprovider.Handshake.Step.Welcomed;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HandshakeTest {
  private static final NodeId SMALLER = node("127.0.0.1", 26_050, 1);
  private static final NodeId LARGER = node("127.0.0.1", 26_052, 2);
  private static final NodeId BETWEEN = node("127.0.0.1", 26_051, 3);
  private static final long BEGAN =
      Long.valueOf(Long.MAX_VALUE - 5); // the clock of a machine may wrap
  private static final long MILLI = 1_000_000;

  static Stream<Arguments> pairs() {
    return Stream.of(Stage.values())
        .flatMap(stage -> Stream.of(FrameType.values())
            .flatMap(
                type -> Stream.of(true, false).map(arbiter -> Arguments.of(stage, type, arbiter))));
  }

  @ParameterizedTest // P1
  @MethodSource("pairs")
  void takesInEachStageOnlyTheFramesOfThatStage(Stage stage, FrameType type, boolean arbiter) {
    Handshake handshake = in(stage, arbiter ? SMALLER : LARGER);

    Step step = take(handshake, type);

    Step allowed = switch (stage + " " + type) {
      case "HELLO_DUE HELLO" -> new Introduced(BETWEEN);
      case "WELCOME_DUE WELCOME" -> new Welcomed();
      case "WELCOME_DUE REDUNDANT" -> arbiter ? null : new Redundant();
      case "OPEN DATA" -> new Data();
      case "OPEN GOODBYE" -> new Goodbye();
      default -> null;
    };
    Step outOfTurn = new Rejected(type + " out of turn (" + stage + ")", false);
    assertEquals(Objects.requireNonNullElse(allowed, outOfTurn), step);
  }

  @Test // P1
  void takesNothingMoreOnceSomethingWasRejected() {
    for (FrameType type : FrameType.values()) {
      Handshake handshake = in(Stage.OPEN, SMALLER);
      take(handshake, FrameType.WELCOME);

      assertEquals(new Rejected(type + " out of turn (OVER)", false), take(handshake, type));
    }
  }

  @Test
  void makesTheSmallerAddressTheArbiterOnBothSides() {
    Handshake smaller = of(SMALLER);
    Handshake larger = of(LARGER);
    boolean early = smaller.arbiter();
    take(smaller, FrameType.HELLO);
    take(larger, FrameType.HELLO);

    assertEquals(List.of(false, true, false), List.of(early, smaller.arbiter(), larger.arbiter()));
    assertEquals(Optional.of(BETWEEN), smaller.peer());
  }

  @Test // G10
  void rejectsAnotherClusterWithBothNamesAndMayAnswer() {
    Step step = hello(of(SMALLER), new Hello("harbour", LARGER));

    assertEquals(
        new Rejected("127.0.0.1:26052#2 is of cluster harbour, this node of thole", true), step);
  }

  @Test
  void rejectsItselfWhateverTheIncarnation() {
    for (long incarnation : new long[] {1, 7}) {
      Step step =
          hello(of(SMALLER), new Hello("thole", new NodeId(SMALLER.authority(), incarnation)));

      assertEquals(new Rejected("127.0.0.1:26050 is this node", true), step);
    }
  }

  @Test // delivery.md 6: never to a field in a message
  void rejectsWhoHasProvedToBeAnotherAndDoesNotAnswer() {
    Hello claimed = new Hello("thole", BETWEEN);
    Handshake handshake = new Handshake(
        new Hello("thole", SMALLER), hello -> !hello.equals(claimed), TcpSettings.DEFAULTS, BEGAN);

    Step step = hello(handshake, claimed);

    assertEquals(new Rejected("127.0.0.1:26051#3 is not whom its certificate names", false), step);
    assertEquals(RefusalKind.OTHER_IDENTITY, handshake.refusal());
    assertEquals(Optional.empty(), handshake.peer());
  }

  @Test // P1
  void doesNotAnswerAMalformedHelloOrHeader() {
    Step hello = of(SMALLER).onFrame(FrameType.HELLO, ByteBuffer.allocate(4));
    Step header = of(SMALLER).onRefused(new Refused(Refusal.VERSION, 'G'));

    assertEquals(new Rejected("malformed HELLO", false), hello);
    assertEquals(new Rejected("no node, or one of wire version 71 (ours is 1)", false), header);
    assertEquals(
        new Rejected("no node, or one that speaks TLS, which this node does not", false),
        of(SMALLER).onRefused(new Refused(Refusal.VERSION, 22)));
  }

  @Test // P1
  void endsAHandshakeAtTwoSecondsAndNotBefore() {
    Handshake silent = of(SMALLER);
    Handshake unwelcome = of(SMALLER);
    Handshake open = in(Stage.OPEN, SMALLER);
    take(unwelcome, FrameType.HELLO);
    long due = BEGAN + 2_000 * MILLI;

    assertEquals(Optional.empty(), silent.onTime(due - 1));
    assertEquals(Optional.empty(), unwelcome.onTime(due - 1));
    assertEquals(Optional.of(new Rejected("no hello within 2000 ms", false)), silent.onTime(due));
    assertEquals(
        Optional.of(new Rejected("no welcome within 2000 ms", false)), unwelcome.onTime(due + 1));
    assertEquals(Optional.empty(), open.onTime(due + 1));
  }

  @Test // P1
  void endsAPartialFrameAtTenSecondsHoweverItDrips() {
    Handshake open = in(Stage.OPEN, SMALLER);
    long due = BEGAN + 10_000 * MILLI;

    open.onRest(true, true, BEGAN);
    open.onRest(true, false, BEGAN + 9_000 * MILLI);

    assertEquals(Optional.empty(), open.onTime(due - 1));
    assertEquals(
        Optional.of(new Rejected("frame not whole within 10000 ms", false)), open.onTime(due));
  }

  @Test
  void givesEachFrameItsOwnTenSeconds() {
    Handshake open = in(Stage.OPEN, SMALLER);

    open.onRest(true, false, BEGAN);
    open.onRest(true, true, BEGAN + 9_000 * MILLI);
    Optional<Rejected> behindOne = open.onTime(BEGAN + 18_999 * MILLI);
    open.onRest(false, true, BEGAN + 18_999 * MILLI);

    assertEquals(Optional.empty(), behindOne);
    assertEquals(Optional.empty(), open.onTime(BEGAN + 100_000 * MILLI));
  }

  /** A handshake that has come to a stage. */
  private static Handshake in(Stage stage, NodeId self) {
    Handshake handshake = of(self);
    Stream.of(FrameType.HELLO, FrameType.WELCOME, FrameType.GOODBYE)
        .limit(List.of(Stage.values()).indexOf(stage))
        .forEach(type -> take(handshake, type));
    return handshake;
  }

  private static Handshake of(NodeId self) {
    return new Handshake(new Hello("thole", self), Proof.NOT_ASKED, TcpSettings.DEFAULTS, BEGAN);
  }

  /** Hands in a frame; a HELLO is from a node between the two, larger than the one and smaller than the other. */
  private static Step take(Handshake handshake, FrameType type) {
    return type == FrameType.HELLO
        ? hello(handshake, new Hello("thole", BETWEEN))
        : handshake.onFrame(type, ByteBuffer.allocate(0));
  }

  private static Step hello(Handshake handshake, Hello hello) {
    return handshake.onFrame(FrameType.HELLO, ByteBuffer.wrap(hello.encoded()));
  }

  private static NodeId node(String host, int port, long incarnation) {
    return new NodeId(new Authority(host, port), incarnation);
  }
}
