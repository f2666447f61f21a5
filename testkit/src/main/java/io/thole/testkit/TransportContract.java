package io.thole.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.BindAddress;
import io.thole.api.NodeId;
import io.thole.spi.Introduction;
import io.thole.spi.Transport;
import io.thole.testkit.PeerRecord.Lost;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * What every {@link Transport} must do, as JUnit tests: connect, carry frames whole, once and in order, refuse, say what
 * was lost, and leave nothing behind. Extend it, and say how to make yours. {@link MemoryTransport} is one that passes.
 *
 * <p>What the contract cannot see from here, and you test yourself: bytes of strangers, connections that go silent, and
 * the limits on both.
 */
@Isolated("counts the threads of the whole process")
@Timeout(120)
public abstract class TransportContract {
  private static final String CLUSTER = "thole";
  private static final int FRAMES = 500;
  private static final int FRAMES_BEFORE_THE_END =
      16; // 4 MiB: more than sockets of one machine hold
  private static final int SENDERS = 4;
  private static final int MOST_WAITING_BYTES =
      64 << 20; // more than any sane buffer, less than a test's memory
  private static final long SEED = 26_050;

  private final ThreadCensus threads = ThreadCensus.now();
  private final List<End> ends = new ArrayList<>();

  /** Makes the contract; JUnit does. */
  protected TransportContract() {}

  /** Makes a transport that is not bound. All those of one test can reach each other. */
  protected abstract Transport newTransport();

  /** Returns where to bind: a host at which the transports reach each other, and port 0. */
  protected BindAddress anyPort() {
    return new BindAddress("127.0.0.1", 0);
  }

  /**
   * Returns another name of an address that was bound, by which the transports of one test reach it too.
   *
   * @param bound the address
   */
  protected Authority otherName(Authority bound) {
    return new Authority("localhost", bound.port());
  }

  /** Is called again and again while the contract waits: a transport in virtual time lets its time pass here. */
  protected void passTime() {
    Patience.rest();
  }

  /** Returns how long, in real time, to wait for what must happen. */
  protected Duration patience() {
    return Duration.ofSeconds(10);
  }

  @Test
  void hasANameOfLettersDigitsDotsAndDashes() {
    String name = newTransport().name();

    assertTrue(name.matches("[A-Za-z0-9.-]{1,64}"), "the name of the transport: " + name);
  }

  @Test
  void saysWhichPortItFound() {
    End a = new End(1);
    End b = new End(1);

    assertEquals(anyPort().host(), a.address.host());
    assertNotEquals(a.address, b.address);
  }

  @Test // D9
  void tellsBothSidesOnceThatAConnectionIsUp() {
    End a = new End(1);
    End b = new End(2);

    a.transport.dial(b.address);
    a.transport.dial(b.address);
    await("both are up", () -> a.record.ups.size() + b.record.ups.size() >= 2);
    a.transport.dial(b.address);
    exchange(a, b);

    assertEquals(List.of(b.id()), a.record.ups);
    assertEquals(List.of(a.id()), b.record.ups);
    assertEquals(List.of(), a.record.refusals);
  }

  @Test
  void keepsOneConnectionWhenBothDial() {
    End a = new End(1);
    End b = new End(2);

    a.transport.dial(b.address);
    b.transport.dial(a.address);
    await("one connection stands", () -> a.standing() == 1 && b.standing() == 1);
    exchange(a, b);

    assertEquals(List.of(1, 1), List.of(a.standing(), b.standing()));
  }

  @Test
  void carriesFramesWholeOnceAndInOrderBothWays() {
    End a = new End(1);
    End b = new End(2);
    connect(a, b);
    Random random = new Random(SEED);
    List<byte[]> there = frames(random);
    List<byte[]> back = frames(random);

    for (int i = 0; i < FRAMES; i++) {
      send(a, b, there.get(i));
      send(b, a, back.get(i));
    }
    await("all frames came", () -> b.count() >= FRAMES && a.count() >= FRAMES);

    assertFrames(there, b);
    assertFrames(back, a);
  }

  @Test
  void keepsTheOrderOfEachThreadThatSends() throws InterruptedException {
    End a = new End(1);
    End b = new End(2);
    connect(a, b);

    List<Thread> senders = IntStream.range(0, SENDERS)
        .mapToObj(sender -> new Thread(() -> {
          for (int i = 0; i < FRAMES; i++) {
            ByteBuffer frame = ByteBuffer.allocate(8).putInt(sender).putInt(i).flip();
            while (!a.transport.send(b.id(), frame) && !Thread.currentThread().isInterrupted()) {
              Patience.rest();
            }
          }
        }))
        .toList();
    senders.forEach(Thread::start);
    boolean all = until(() -> b.count() >= SENDERS * FRAMES);
    senders.forEach(Thread::interrupt);
    for (Thread sender : senders) {
      sender.join();
    }

    assertTrue(all, "frames that came: " + b.count() + " of " + SENDERS * FRAMES);
    for (int sender = 0; sender < SENDERS; sender++) {
      assertEquals(IntStream.range(0, FRAMES).boxed().toList(), b.numbersOf(sender));
    }
  }

  @Test
  void carriesFramesUpToTheLimitAndRefusesLongerOnes() {
    End a = new End(1);
    End b = new End(2);
    connect(a, b);
    byte[] longest = new byte[Transport.FRAME_LIMIT];
    new Random(SEED).nextBytes(longest);

    send(a, b, longest);
    assertThrows(
        IllegalArgumentException.class,
        () -> a.transport.send(b.id(), ByteBuffer.allocate(Transport.FRAME_LIMIT + 1)));
    send(a, b, new byte[0]);
    send(a, b, new byte[] {1});
    await("three frames came", () -> b.count() >= 3);

    assertFrames(List.of(longest, new byte[0], new byte[] {1}), b);
  }

  @Test
  void sendsTheFrameFromWhereItLiesAndLeavesItsPositionAlone() {
    End a = new End(1);
    End b = new End(2);
    connect(a, b);
    List<byte[]> sent = new ArrayList<>();
    for (ByteBuffer frame : List.of(
        ByteBuffer.allocate(8), ByteBuffer.allocateDirect(8), ByteBuffer.allocateDirect(8_192))) {
      int end = frame.capacity() - 3;
      frame.put(2, (byte) 1).put(end - 1, (byte) 3).position(2).limit(end);
      byte[] content = new byte[frame.remaining()];
      frame.duplicate().get(content);
      sent.add(content);

      awaitRoom(() -> a.transport.send(b.id(), frame));

      assertEquals(List.of(2, end), List.of(frame.position(), frame.limit()));
      frame.put(0, (byte) 9).limit(frame.capacity()).put(end, (byte) 9); // what lies around it
    }
    await("the frames came", () -> b.count() >= sent.size());

    assertFrames(sent, b);
  }

  @Test
  void sendsNothingWithoutAConnectionToThatVeryRun() {
    End a = new End(1);
    End b = new End(2);
    ByteBuffer frame = ByteBuffer.allocate(1);

    boolean before = a.transport.send(b.id(), frame);
    connect(a, b);
    boolean another = a.transport.send(new NodeId(b.address, 3), frame);
    a.transport.unbind(true);
    boolean after = a.transport.send(b.id(), frame);

    assertEquals(List.of(false, false, false), List.of(before, another, after));
  }

  @Test
  void saysWhenThereIsNoRoomAndLosesNothingThatItTook() {
    CountDownLatch goOn = new CountDownLatch(1);
    Thread test = Thread.currentThread();
    End a = new End(1);
    End b = new End(2, CLUSTER, () -> {
      if (Thread.currentThread() != test) {
        awaitQuietly(goOn); // in virtual time nobody reads before passTime
      }
    });
    connect(a, b);

    int taken = 0;
    ByteBuffer frame = ByteBuffer.allocate(64 << 10);
    while (a.transport.send(b.id(), frame) && taken * frame.capacity() < MOST_WAITING_BYTES) {
      taken++;
      frame.putInt(0, taken);
    }
    int sent = taken;
    goOn.countDown();
    await("what it took came", () -> b.count() >= sent);
    awaitRoom(() -> a.transport.send(b.id(), ByteBuffer.allocate(4).putInt(0, sent)));
    await("there is room again", () -> b.count() > sent);

    assertTrue(sent * frame.capacity() < MOST_WAITING_BYTES, "bytes that wait: no end is seen");
    assertEquals(IntStream.rangeClosed(0, sent).boxed().toList(), b.firstNumbers());
  }

  @Test // D3
  void tellsThatAConnectionIsLostAndWhetherItWasAnnounced() {
    for (boolean announced : List.of(true, false)) {
      End a = new End(1);
      End b = new End(2);
      connect(a, b);

      b.transport.unbind(announced);
      await("the loss is told", () -> !a.record.losses.isEmpty());

      assertEquals(List.of(new Lost(b.id(), announced)), a.record.losses);
      assertFalse(a.transport.send(b.id(), ByteBuffer.allocate(1)));
    }
  }

  @Test
  void tellsThatAllWasHandedOverAfterTheLastFrame() {
    End a = new End(1);
    End b = new End(2);
    connect(a, b);
    for (int i = 1; i <= 3; i++) {
      int count = i;
      int before = a.record.drains.size();

      send(a, b, new byte[1 << 20]);

      await("frame " + count + " came", () -> b.count() == count);
      await("it is told", () -> a.record.drains.size() > before);
    }

    assertEquals(List.of(b.id()), a.record.drains.stream().distinct().toList());
  }

  @Test
  void aDisconnectTellsBothSidesAfterWhatWasSent() {
    End a = new End(1);
    End b = new End(2);
    connect(a, b);
    a.transport.disconnect(new NodeId(b.address, 9));
    exchange(a, b);
    send(b, a, new byte[8 << 10]); // so that bytes may be on their way to the one who closes

    int sent = b.count() + FRAMES_BEFORE_THE_END;
    for (int i = 0; i < FRAMES_BEFORE_THE_END; i++) {
      send(a, b, new byte[256 << 10]);
    }
    a.transport.disconnect(b.id());

    await("both are told", () -> !a.record.losses.isEmpty() && !b.record.losses.isEmpty());
    assertEquals(sent, b.count());
    assertEquals(List.of(new Lost(b.id(), false)), a.record.losses);
    assertEquals(List.of(new Lost(a.id(), false)), b.record.losses);
    assertFalse(a.transport.send(b.id(), ByteBuffer.allocate(1)));
    a.transport.dial(b.address);
    await("it connects again", () -> a.record.ups.size() == 2 && b.record.ups.size() == 2);
    exchange(a, b);
  }

  @Test
  void isKnownAndDialledByTheAddressThatItAdvertises() {
    End a = new End(1);
    End before = new End(2);
    before.transport.unbind(true);
    BindAddress bind = new BindAddress(before.address.host(), before.address.port());
    Authority advertised = otherName(before.address);
    PeerRecord record = new PeerRecord(() -> {});
    Authority bound =
        before.transport.bind(bind, new Introduction(CLUSTER, 3, Optional.of(advertised)), record);
    NodeId known = new NodeId(advertised, 3);

    a.transport.dial(advertised);
    await("both are up", () -> !a.record.ups.isEmpty() && !record.ups.isEmpty());
    a.transport.dial(advertised);
    awaitRoom(() -> a.transport.send(known, ByteBuffer.allocate(1)));
    await("a frame came", () -> !record.frames.isEmpty());
    before.transport.unbind(true);
    await("the loss is told", () -> !a.record.losses.isEmpty());

    assertEquals(before.address, bound);
    assertEquals(List.of(known), a.record.ups);
    assertEquals(List.of(new Lost(known, true)), a.record.losses);
  }

  @Test
  void isSilentOnceItIsUnbound() {
    End a = new End(1);
    End b = new End(2);
    connect(a, b);
    send(b, a, new byte[] {1});

    a.transport.unbind(true);
    int calls = a.record.calls();
    await("the other side knows", () -> !b.record.losses.isEmpty());

    assertEquals(calls, a.record.calls());
  }

  @Test // D9
  void refusesOnceWhereNobodyListens() {
    End a = new End(1);
    End gone = new End(2);
    gone.transport.unbind(true);

    a.transport.dial(gone.address);
    await("it is refused", () -> !a.record.refusals.isEmpty());

    assertEquals(1, a.record.refusals.size());
    assertEquals(gone.address, a.record.refusals.get(0).peer());
    assertTrue(a.record.refusals.get(0).nobodyListens());
    assertFalse(a.record.refusals.get(0).reason().isBlank());
  }

  @Test // G10
  void refusesANodeOfAnotherClusterAndNamesBoth() {
    End a = new End(1);
    End stranger = new End(2, "harbour", () -> {});

    a.transport.dial(stranger.address);
    await("it is refused", () -> !a.record.refusals.isEmpty());

    assertFalse(a.record.refusals.get(0).nobodyListens());
    String reason = a.record.refusals.get(0).reason();
    assertTrue(reason.contains(CLUSTER) && reason.contains("harbour"), "the reason: " + reason);
    assertEquals(List.of(), a.record.ups);
    assertEquals(List.of(), stranger.record.ups);
  }

  @Test // D7
  void failsToBindToAPortInUseNamesItAndLeavesNothing() {
    End a = new End(1);
    ThreadCensus before = ThreadCensus.now();
    Transport second = newTransport();
    BindAddress taken = new BindAddress(a.address.host(), a.address.port());

    RuntimeException failure = assertThrows(
        RuntimeException.class,
        () -> second.bind(taken, new Introduction(CLUSTER, 2), new PeerRecord(() -> {})));

    String message = String.valueOf(failure.getMessage());
    assertTrue(message.contains(String.valueOf(taken.port())), "the message: " + message);
    assertNoThreadIsLeft(before);
    a.transport.unbind(true);
    End b = new End(second, taken, 2, CLUSTER, () -> {});
    assertEquals(a.address, b.address);
  }

  @Test // D7, D10
  void bindsAgainWhereItWasAndIsAnotherNode() {
    End a = new End(1);
    End b = new End(2);
    connect(a, b);
    b.transport.unbind(true);
    await("the loss is told", () -> !a.record.losses.isEmpty());

    BindAddress same = new BindAddress(b.address.host(), b.address.port());
    End again = new End(b.transport, same, 3, CLUSTER, () -> {});
    connect(a, again);

    assertEquals(List.of(b.id(), again.id()), a.record.ups);
    assertFalse(a.transport.send(b.id(), ByteBuffer.allocate(1)));
    exchange(a, again);
  }

  @Test // E6
  void leavesNoThread() {
    End a = new End(1);
    End b = new End(2);
    connect(a, b);

    a.transport.unbind(true);
    b.transport.unbind(false);

    assertNoThreadIsLeft(threads);
  }

  @AfterEach
  void callsTheHandlerOnceAtATimeForEachPeer() {
    for (End end : ends) {
      end.transport.unbind(false);
      assertEquals(List.of(), end.record.overlaps);
    }
  }

  /** Connects a to b. */
  private void connect(End a, End b) {
    a.transport.dial(b.address);
    await(
        a + " and " + b + " are up",
        () -> a.record.ups.contains(b.id()) && b.record.ups.contains(a.id()));
  }

  /** Sends a frame each way, and waits for it: what was told before is known now. */
  private void exchange(End a, End b) {
    int atA = a.count();
    int atB = b.count();
    send(a, b, new byte[] {1});
    send(b, a, new byte[] {2});
    await("a frame came each way", () -> a.count() > atA && b.count() > atB);
  }

  /** Sends a frame from a buffer that is used again at once. */
  private void send(End from, End to, byte[] frame) {
    ByteBuffer buffer = ByteBuffer.wrap(frame.clone());
    awaitRoom(() -> from.transport.send(to.id(), buffer));
    Arrays.fill(buffer.array(), (byte) 0xEE);
  }

  private void awaitRoom(BooleanSupplier send) {
    await("there is room", send);
  }

  private void await(String what, BooleanSupplier condition) {
    assertTrue(until(condition), () -> "within " + patience() + ": " + what + "; " + ends);
  }

  private boolean until(BooleanSupplier condition) {
    return new Patience(patience()).until(condition, this::passTime);
  }

  private void assertNoThreadIsLeft(ThreadCensus before) {
    new Patience(patience()).until(() -> before.newcomers().isEmpty(), this::passTime);
    assertEquals(List.of(), before.newcomers(), "threads that are left");
  }

  private static List<byte[]> frames(Random random) {
    return Stream.generate(() -> new byte[random.nextInt(4_096)])
        .limit(FRAMES)
        .peek(random::nextBytes)
        .toList();
  }

  private static void assertFrames(List<byte[]> expected, End at) {
    List<byte[]> actual = at.record.frames;
    for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
      assertArrayEquals(expected.get(i), actual.get(i), "frame " + i + ", seed " + SEED);
    }
    assertEquals(expected.size(), actual.size(), "frames that came");
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One bound transport, and what it told. */
  private final class End {
    final Transport transport;
    final PeerRecord record;
    final Authority address;
    private final long incarnation;

    End(long incarnation) {
      this(incarnation, CLUSTER, () -> {});
    }

    End(long incarnation, String cluster, Runnable onFrame) {
      this(newTransport(), anyPort(), incarnation, cluster, onFrame);
    }

    End(Transport transport, BindAddress bind, long incarnation, String cluster, Runnable onFrame) {
      this.transport = transport;
      this.incarnation = incarnation;
      record = new PeerRecord(onFrame);
      address = transport.bind(bind, new Introduction(cluster, incarnation), record);
      ends.add(this);
    }

    NodeId id() {
      return new NodeId(address, incarnation);
    }

    int count() {
      return record.frames.size();
    }

    /** Returns how many connections stand, by what was told. */
    int standing() {
      return record.ups.size() - record.losses.size();
    }

    List<Integer> firstNumbers() {
      return record.frames.stream()
          .map(frame -> ByteBuffer.wrap(frame).getInt())
          .toList();
    }

    List<Integer> numbersOf(int sender) {
      return record.frames.stream()
          .map(ByteBuffer::wrap)
          .filter(frame -> frame.getInt() == sender)
          .map(ByteBuffer::getInt)
          .toList();
    }

    @Override
    public String toString() {
      return id() + " was told " + record.ups + " " + record.losses + " " + record.refusals
          + " and " + count() + " frames";
    }
  }
}
