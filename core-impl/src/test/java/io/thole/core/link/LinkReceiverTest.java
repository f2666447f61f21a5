package io.thole.core.link;

import static io.thole.core.link.LinkReceiver.Passing.KNOWN;
import static io.thole.core.link.LinkReceiver.Passing.NEW;
import static io.thole.core.link.LinkReceiver.Passing.WRONG;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
