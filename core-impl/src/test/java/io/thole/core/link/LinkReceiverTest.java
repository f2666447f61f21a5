package io.thole.core.link;

import static io.thole.core.link.LinkReceiver.Passing.KNOWN;
import static io.thole.core.link.LinkReceiver.Passing.NEW;
import static io.thole.core.link.LinkReceiver.Passing.WRONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LinkReceiverTest {
  private final LinkReceiver receiver = new LinkReceiver();

  @Test
  void passesEachMessageOnOnceAndInOrder() { // L1, and a replay of captured frames
    receiver.onOpen(5);

    assertEquals(NEW, receiver.onMessage(5, 1));
    assertEquals(KNOWN, receiver.onMessage(5, 1));
    assertEquals(NEW, receiver.onMessage(5, 2));
    assertEquals(WRONG, receiver.onMessage(5, 4));
    assertEquals(WRONG, receiver.onMessage(4, 3));
    assertEquals(WRONG, receiver.onMessage(5, 0));
    assertEquals(2, receiver.received());
  }

  @Test // P1: seed 20261126, input 183874 of the receiver's fuzzing
  void takesNothingBeforeTheOtherSideHasSaidItsLinkAndNoLinkWithoutANumber() {
    assertEquals(WRONG, receiver.onMessage(0, 1));
    assertEquals(WRONG, receiver.onMessage(5, 1));

    assertFalse(LinkFrame.read(LinkFrame.open(0, 0, 0), new Silent()));
    assertTrue(LinkFrame.read(LinkFrame.open(1, 0, 0), new Silent()));
  }

  /** Hears and says nothing. */
  private static final class Silent implements LinkFrame.Reader {
    @Override
    public void onOpen(long link, long known, long received) {}

    @Override
    public void onAck(long link, long sequence) {}

    @Override
    public boolean onMessage(long link, long sequence, int channel, ByteBuffer message) {
      return true;
    }

    @Override
    public boolean onCast(int channel, ByteBuffer message) {
      return true;
    }

    @Override
    public void onRefused(String reason) {}
  }

  @Test
  void beginsAnewWithAnotherLink() {
    receiver.onOpen(5);
    receiver.onMessage(5, 1);
    receiver.onOpened(1, "x");

    receiver.onOpen(6);

    assertEquals(NEW, receiver.onMessage(6, 1));
    assertEquals(Map.of(), receiver.channels());
  }
}
