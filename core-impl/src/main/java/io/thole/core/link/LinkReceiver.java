package io.thole.core.link;

import io.thole.spi.Peer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The receiving half of a link: passes each message on once and in order, whatever is sent again, and keeps what the other
 * side has said of itself. For one thread at a time.
 */
public final class LinkReceiver {
  /** How many channels another node may have open: many times what parts there are. */
  private static final int MOST_CHANNELS = 1_024;

  private final Map<Integer, String> channels = new HashMap<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private long otherLink;
  private long received;
  private @Nullable Peer description;

  /** What a message means to the link. */
  public enum Passing {
    /** It is new: pass it on. */
    NEW,
    /** It was received before: pass it over. */
    KNOWN,
    /** It is of another link, or one before it is missing: the two sides must open the link anew. */
    WRONG
  }

  /** Returns the number of the other side's link, or 0 before it has said one. */
  public long otherLink() {
    return otherLink;
  }

  /** Returns the sequence of the last message that was received. */
  public long received() {
    return received;
  }

  /** Returns what the other side has said of itself. */
  public Optional<Peer> description() {
    return Optional.ofNullable(description);
  }

  /**
   * The other side says which link it has.
   *
   * @return whether it is another one than before, so that nothing counts that was said in the old one
   */
  public boolean isAnother(long link) {
    return otherLink != 0 && otherLink != link;
  }

  /** Goes on with a link of the other side, from its beginning if it is a new one. */
  public void onOpen(long link) {
    if (link != otherLink) {
      otherLink = link;
      received = 0;
      description = null;
      channels.clear();
      numbers.clear();
    }
  }

  /** Judges the next message, and counts it if it is new. */
  public Passing onMessage(long link, long sequence) {
    if (otherLink == 0 || link != otherLink || sequence > received + 1 || sequence < 1) {
      return Passing.WRONG;
    }
    if (sequence <= received) {
      return Passing.KNOWN;
    }
    received = sequence;
    return Passing.NEW;
  }

  /** The other side describes itself. */
  public void onDescription(Peer peer) {
    description = peer;
  }

  /**
   * The other side has opened a channel.
   *
   * @return false if it has too many, or this number or name already
   */
  public boolean onOpened(int number, String name) {
    if (name.equals(channels.get(number))) {
      return true; // said twice, which changes nothing
    }
    if (channels.size() >= MOST_CHANNELS
        || channels.containsKey(number)
        || numbers.containsKey(name)) {
      return false;
    }
    channels.put(number, name);
    numbers.put(name, number);
    return true;
  }

  /** The other side has closed a channel; returns its name, if it had that one. */
  public Optional<String> onClosed(int number) {
    Optional<String> name = Optional.ofNullable(channels.remove(number));
    name.ifPresent(numbers::remove);
    return name;
  }

  /** Returns the other side's channels: their numbers by their names. */
  public Map<String, Integer> channels() {
    return Map.copyOf(numbers);
  }
}
