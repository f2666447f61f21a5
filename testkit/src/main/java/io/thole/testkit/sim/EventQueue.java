package io.thole.testkit.sim;

import org.jspecify.annotations.Nullable;

/**
 * The events to come, in the order of their time, then of their addition. A timing wheel: what is due within 2 s lies unsorted in
 * slots, only the slot that is due is sorted, and what is further away waits in a heap. So adding and taking cost the same
 * however many events wait: a heap alone costs three times as much for 10,000 nodes.
 */
final class EventQueue {
  /** 131 µs: in a cluster of 10,000 nodes some twenty events share a slot. */
  private static final int SLOT_SHIFT = 17;

  /** 2.1 s in all, so that timers of a second lie in the wheel. */
  private static final int SLOTS = 1 << 14;

  private final @Nullable Event[] slots = new Event[SLOTS];
  private final long[] occupied = new long[SLOTS / Long.SIZE];
  private final EventHeap near = new EventHeap();
  private final EventHeap far = new EventHeap();
  private long slot;
  private int inSlots;
  private long added;
  private @Nullable Event pool;

  /** Adds an event, at a time that is not past. */
  void add(Event.Kind kind, long timeNanos, int from, int to, @Nullable Object load) {
    add(make(kind, from, to, load), timeNanos);
  }

  /** Makes an event that is to be added later. */
  Event make(Event.Kind kind, int from, int to, @Nullable Object load) {
    Event event = pool;
    if (event == null) {
      event = new Event();
    } else {
      pool = event.next;
    }
    event.kind = kind;
    event.from = from;
    event.to = to;
    event.load = load;
    return event;
  }

  /** Adds an event that was taken and not released. */
  void add(Event event, long timeNanos) {
    event.timeNanos = timeNanos;
    event.order = added++;
    event.next = null;
    place(event);
  }

  /** Takes the next event up to a time; null if there is none. Whoever takes it releases it or adds it again. */
  @Nullable
  Event poll(long untilNanos) {
    if (near.isEmpty() && !advance()) {
      return null;
    }
    return near.peek().timeNanos <= untilNanos ? near.poll() : null;
  }

  /** Gives an event back. */
  void release(Event event) {
    event.load = null;
    event.next = pool;
    pool = event;
  }

  private void place(Event event) {
    long of = event.timeNanos >>> SLOT_SHIFT;
    if (of <= slot) {
      near.add(event);
    } else if (of < slot + SLOTS) {
      int index = (int) of & (SLOTS - 1);
      event.next = slots[index];
      slots[index] = event;
      occupied[index >>> 6] |= 1L << index;
      inSlots++;
    } else {
      far.add(event);
    }
  }

  /** Goes on to the next slot that holds something, and sorts it; all that is far is later than all that is in the slots. */
  private boolean advance() {
    if (inSlots > 0) {
      slot += distance();
      take((int) slot & (SLOTS - 1));
    } else if (far.isEmpty()) {
      return false;
    } else {
      slot = far.peek().timeNanos >>> SLOT_SHIFT;
    }
    while (!far.isEmpty() && far.peek().timeNanos >>> SLOT_SHIFT < slot + SLOTS) {
      place(far.poll());
    }
    return true;
  }

  private void take(int index) {
    Event event = slots[index];
    slots[index] = null;
    occupied[index >>> 6] &= ~(1L << index);
    while (event != null) {
      Event next = event.next;
      event.next = null;
      near.add(event);
      inSlots--;
      event = next;
    }
  }

  private int distance() {
    int from = (int) (slot + 1) & (SLOTS - 1);
    int word = from >>> 6;
    long bits = occupied[word] & (-1L << from);
    while (bits == 0) {
      word = (word + 1) & (occupied.length - 1);
      bits = occupied[word];
    }
    int index = (word << 6) + Long.numberOfTrailingZeros(bits);
    return ((index - from) & (SLOTS - 1)) + 1;
  }
}
