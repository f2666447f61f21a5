package io.thole.pubsub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.pubsub.MessageCodec;
import io.thole.api.pubsub.MessageType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records as bytes: what comes back, how they may change, and what strangers may send. */
@SuppressWarnings({"ArrayRecordComponent", "UnusedMethod"
}) // of records that are there to be written and read
class RecordCodecTest {
  private enum Size {
    SMALL,
    LARGE {}
  }

  private record Numbers(boolean flag, byte b, short s, char c, int i, long l, float f, double d) {}

  private record Line(String article, int count) {}

  @MessageType("shop/order")
  private record Order(
      long id,
      String customer,
      Size size,
      Numbers numbers,
      List<Line> lines,
      Map<String, Double> prices,
      Map<Size, List<Optional<Integer>>> stock,
      Optional<Line> gift) {}

  private record Tree(String name, List<Tree> branches) {}

  private record Bytes(byte[] bytes) {}

  private record Positive(int number) {
    Positive {
      if (number <= 0) {
        throw new IllegalArgumentException("number: " + number);
      }
    }
  }

  private static final Order ORDER = new Order(
      7,
      "Zoë \uD83D\uDE00",
      Size.LARGE,
      new Numbers(true, (byte) -1, Short.MIN_VALUE, 'ß', 5, Long.MAX_VALUE, 1.5f, Double.NaN),
      List.of(new Line("pin", 2), new Line("", -2)),
      Map.of("pin", 0.5, "oar", 80.25),
      Map.of(Size.SMALL, List.of(Optional.of(1), Optional.empty()), Size.LARGE, List.of()),
      Optional.of(new Line("cap", 1)));

  private static <T> MessageCodec<T> codec(Class<T> type) {
    return RecordCodec.named(type).orElseThrow();
  }

  private static <T extends Record> T back(Class<T> type, T value) {
    MessageCodec<T> codec = RecordCodec.of("test", type);
    return codec.decode(ByteBuffer.wrap(codec.encode(value)).asReadOnlyBuffer());
  }

  private static String refusal(Class<? extends Record> type, String hex) {
    return refusal(type, HexFormat.of().parseHex(hex.replaceAll("\\s", "")));
  }

  private static String refusal(Class<? extends Record> type, byte[] bytes) {
    MessageCodec<? extends Record> codec = RecordCodec.of("test", type);
    return said(
        assertThrows(IllegalArgumentException.class, () -> codec.decode(ByteBuffer.wrap(bytes))));
  }

  private static String said(Throwable refusal) {
    return String.valueOf(refusal.getMessage());
  }

  @Test
  void readsWhatItWrites() {
    MessageCodec<Order> codec = codec(Order.class);

    byte[] bytes = codec.encode(ORDER);

    assertEquals("shop/order", codec.typeName());
    assertEquals(ORDER, codec.decode(ByteBuffer.wrap(bytes).asReadOnlyBuffer()));
    assertArrayEquals(
        new byte[] {1, 2}, back(Bytes.class, new Bytes(new byte[] {1, 2})).bytes());
  }

  @Test
  void writesWhatTheProtocolPageSays() {
    byte[] bytes = RecordCodec.of("test", Line.class).encode(new Line("pin", 2));

    assertEquals(
        "02" + "0000000b" + "00000003" + "70696e" + "00000002", HexFormat.of().formatHex(bytes));
  }

  @Test
  void noClassNameIsInTheBytes() {
    String text = new String(codec(Order.class).encode(ORDER), UTF_8);

    for (String name : List.of("Order", "Line", "Numbers", "thole", "java", "customer")) {
      assertTrue(!text.contains(name), name);
    }
  }

  // How they may change.

  private record One(int a) {}

  private record Three(int a, String b, List<Integer> c) {}

  private record Added(
      int a, boolean b, String c, byte[] d, Optional<Size> e, Map<String, Line> f, double g) {}

  private record WithEnum(int a, Size b) {}

  private record Outer(One one, String after) {}

  private record NewOuter(Three one, String after) {}

  @Test
  void aComponentThatTheReaderDoesNotKnowIsPassedOver() {
    byte[] three = RecordCodec.of("test", Three.class).encode(new Three(1, "x", List.of(5)));
    byte[] outer = RecordCodec.of("test", NewOuter.class)
        .encode(new NewOuter(new Three(1, "x", List.of()), "y"));

    assertEquals(new One(1), RecordCodec.of("test", One.class).decode(ByteBuffer.wrap(three)));
    assertEquals(
        new Outer(new One(1), "y"),
        RecordCodec.of("test", Outer.class).decode(ByteBuffer.wrap(outer)));
  }

  @Test
  void aComponentThatTheWriterDidNotKnowIsZeroFalseOrEmpty() {
    byte[] one = RecordCodec.of("test", One.class).encode(new One(1));

    Added added = RecordCodec.of("test", Added.class).decode(ByteBuffer.wrap(one));

    assertEquals(
        List.of(1, false, "", 0, Optional.empty(), Map.of(), 0d),
        List.of(
            added.a(), added.b(), added.c(), added.d().length, added.e(), added.f(), added.g()));
    assertEquals("b is missing", refusal(WithEnum.class, one));
  }

  // What cannot be written.

  private record OfObject(Object o) {}

  private record OfArray(int[] a) {}

  private record OfWild(List<?> l) {}

  private record Generic<T>(T t) {}

  private record OfGeneric(Generic<String> g) {}

  private record ByRecord(Map<Line, String> m) {}

  @ParameterizedTest
  @ValueSource(
      classes = {
        OfObject.class,
        OfArray.class,
        OfWild.class,
        OfGeneric.class,
        Generic.class,
        ByRecord.class
      })
  void refusesARecordThatHasNoLayoutAndSaysWhichComponent(Class<? extends Record> type) {
    String refusal =
        said(assertThrows(IllegalArgumentException.class, () -> RecordCodec.of("test", type)));

    assertTrue(
        refusal.startsWith(
            "component " + type.getRecordComponents()[0].getName() + " of " + type.getName()),
        refusal);
  }

  @MessageType("no record")
  private static final class NoRecord {}

  @MessageType("no name!")
  private record NoName() {}

  @Test
  void refusesWhatIsNoRecordAndANameThatIsNone() {
    assertThrows(IllegalArgumentException.class, () -> RecordCodec.named(NoRecord.class));
    assertThrows(IllegalArgumentException.class, () -> RecordCodec.named(NoName.class));
    assertThrows(IllegalArgumentException.class, () -> RecordCodec.of("text", Line.class));
    assertThrows(IllegalArgumentException.class, () -> RecordCodec.of("n".repeat(129), Line.class));
    assertEquals(128, RecordCodec.of("n".repeat(128), Line.class).typeName().length());
    assertEquals(Optional.empty(), RecordCodec.named(Line.class));
  }

  @Test
  @SuppressWarnings("NullAway") // on purpose
  void namesTheComponentThatCannotBeWritten() {
    assertEquals(
        "article: null cannot be written; use Optional", unwritten(Line.class, new Line(null, 1)));
    assertEquals(
        "branches: null cannot be written; use Optional",
        unwritten(Tree.class, new Tree("a", Arrays.asList((Tree) null))));
    assertEquals(
        "article: text with half a surrogate pair cannot be written",
        unwritten(Line.class, new Line("\uD83D", 1)));
    assertTrue(
        unwritten(Tree.class, deep(40)).endsWith("values lie more than 32 deep in each other"));
    assertTrue(unwritten(Bytes.class, new Bytes(new byte[PeerMessage.PAYLOAD_LIMIT - 8]))
        .contains("1048576"));
    assertEquals(
        PeerMessage.PAYLOAD_LIMIT,
        RecordCodec.of("test", Bytes.class)
            .encode(new Bytes(new byte[PeerMessage.PAYLOAD_LIMIT - 9]))
            .length);
  }

  private static <T extends Record> String unwritten(Class<T> type, T value) {
    MessageCodec<T> codec = RecordCodec.of("test", type);
    return said(assertThrows(IllegalArgumentException.class, () -> codec.encode(value)));
  }

  private static Tree deep(int levels) {
    Tree tree = new Tree("leaf", List.of());
    for (int i = 1; i < levels; i++) {
      tree = new Tree("branch", List.of(tree));
    }
    return tree;
  }

  // What strangers may send.

  @Test // P1
  void whatIsCutShortOrGoesOnIsNoValue() {
    byte[] bytes = codec(Order.class).encode(ORDER);

    for (int length = 0; length < bytes.length; length++) {
      refusal(Order.class, Arrays.copyOf(bytes, length));
    }
    assertEquals(
        "1 bytes are left over", refusal(Order.class, Arrays.copyOf(bytes, bytes.length + 1)));
  }

  @Test // P1
  void noBytesMakeItThrowAnythingElse() {
    Random random = new Random(20261126);
    MessageCodec<Order> codec = codec(Order.class);
    byte[] bytes = codec.encode(ORDER);
    int read = 0;

    for (int round = 0; round < 50_000; round++) {
      byte[] mutated = bytes.clone();
      for (int i = 0; i <= random.nextInt(3); i++) {
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
      }
      try {
        codec.decode(ByteBuffer.wrap(mutated));
        read++;
      } catch (IllegalArgumentException e) {
        assertTrue(e.getMessage() != null, "seed 20261126 round " + round);
      }
    }

    assertTrue(read > 0, "some changes make another value");
  }

  @Test // P1: no more memory than came
  void nothingIsMadeOfAPromise() {
    assertEquals(
        "article: 2147483647 values in 0 bytes cannot be",
        refusal(Line.class, "02 00000004 7fffffff"));
    assertEquals(
        "article: -1 values in 0 bytes cannot be", refusal(Line.class, "02 00000004 ffffffff"));
    assertEquals("2147483647 values in 0 bytes cannot be", refusal(Line.class, "02 7fffffff"));
    assertEquals(
        "branches: 3 values in 11 bytes cannot be",
        refusal(Tree.class, "02 00000013 00000000 00000003 00 00000000 00 00000000 00"));
    assertEquals(
        "bytes: 16777216 values in 0 bytes cannot be",
        refusal(Bytes.class, "01 00000004 01000000"));
  }

  @Test // P1
  void whatLiesTooDeepIsNoValue() {
    String hex = "00 00000000";
    for (int i = 0; i < 100; i++) {
      int length = hex.replace(" ", "").length() / 2 + 8;
      hex = String.format("02 %08x 00000000 00000001 ", length) + hex;
    }

    assertTrue(refusal(Tree.class, hex).endsWith("values lie more than 32 deep in each other"));
    assertEquals(deep(16), back(Tree.class, deep(16)));
  }

  @Test // P1
  void whatMakesNoSenseIsNoValue() {
    assertEquals("article: no UTF-8", refusal(Line.class, "02 0000000a 00000002 c328 00000001"));
    assertEquals(
        "b: no constant HUGE", refusal(WithEnum.class, "02 0000000c 00000001 00000004 48554745"));
    assertTrue(refusal(Order.class, "08 00000001 00").contains("it is cut short"));
    assertEquals(
        "the record refuses it: number: -1", refusal(Positive.class, "01 00000004 ffffffff"));
    assertEquals(
        "2 is neither true nor false", refusal(Flag.class, "01 00000001 02").split(": ")[1]);
    assertEquals(
        "m: the key 1 is there twice",
        refusal(Keys.class, "01 0000000e 00000002 00000001 01 00000001 00"));
  }

  private record Flag(boolean flag) {}

  private record Keys(Map<Integer, Boolean> m) {}

  @Test
  void manyElementsFitAndKeepTheirOrder() {
    Map<String, Double> prices = IntStream.range(0, 20_000)
        .boxed()
        .collect(
            Collectors.toMap(i -> "article " + i, Integer::doubleValue, (a, b) -> a, HashMap::new));
    record Prices(Map<String, Double> all) {}

    Prices back = back(Prices.class, new Prices(prices));

    assertEquals(prices, back.all());
    assertEquals(List.copyOf(prices.keySet()), List.copyOf(back.all().keySet()));
    assertThrows(UnsupportedOperationException.class, () -> back.all().clear());
  }
}
