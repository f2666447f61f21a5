package io.thole.testkit.sim;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A binary heap of events, the earliest first. */
final class EventHeap {
  private @Nullable Event[] events = new Event[64];
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  Event peek() {
    return at(0);
  }

  void add(Event event) {
    if (size == events.length) {
      events = Arrays.copyOf(events, 2 * size);
    }
    int at = size++;
    while (at > 0 && event.isBefore(at((at - 1) >>> 1))) {
      events[at] = events[(at - 1) >>> 1];
      at = (at - 1) >>> 1;
    }
    events[at] = event;
  }

  Event poll() {
    Event first = at(0);
    Event last = at(--size);
    events[size] = null;
    if (size > 0) {
      sink(last);
    }
    return first;
  }

  private void sink(Event event) {
    int at = 0;
    for (int child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && at(child + 1).isBefore(at(child))) {
        child++;
      }
      if (!at(child).isBefore(event)) {
        break;
      }
      events[at] = events[child];
      at = child;
    }
    events[at] = event;
  }

  private Event at(int index) {
    Event event = events[index];
    if (event == null) {
      throw new AssertionError("no event at " + index + " of " + size);
    }
    return event;
  }
}
