package io.thole.pubsub;

import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.Topic;
import io.thole.api.pubsub.TopicFilter;
import io.thole.spi.Encodable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What brokers say to each other. A message is the version of all this (1 byte), its type (1 byte) and its fields, as each
 * type says; numbers are big-endian.
 */
sealed interface PeerMessage extends Encodable {
  /** The most bytes that a message that is published may have. */
  int PAYLOAD_LIMIT = 1 << 20;

  /** How many entries of a table go into one message: 136 KiB at most. */
  int CHUNK = 512;

  /** How many targets one copy of a payload may name: with the longest payload, 12 bytes each fit into a frame. */
  int TARGETS = 4_096;

  /** How many outcomes go into one message: 13 KiB, and at most 201 KiB of reasons. */
  int OUTCOMES = 1_024;

  /**
   * Reads a message. Whatever the bytes are, this does not throw, and takes no more memory than they do.
   *
   * @param message the message, to its limit
   * @return empty if it is none: another version, an unknown type, truncated, too long, or a field out of its range
   */
  static Optional<PeerMessage> decode(ByteBuffer message) {
    if (message.remaining() < 2 || message.get() != Fields.VERSION) {
      return Optional.empty();
    }
    return switch (message.get()) {
      case Table.TYPE -> Table.read(message);
      case Subscribed.TYPE -> Subscribed.read(message);
      case Unsubscribed.TYPE -> Unsubscribed.read(message);
      case Acknowledged.TYPE -> Acknowledged.read(message);
      case Published.TYPE -> Published.read(message, false);
      case Published.LABELLED -> Published.read(message, true);
      case Reported.TYPE -> Reported.read(message);
      case Streaming.TYPE -> Streaming.read(message);
      case Streamed.TYPE -> Streamed.read(message);
      case Progressed.TYPE -> Progressed.read(message);
      case StreamEnded.TYPE -> StreamEnded.read(message);
      case Dropped.TYPE -> Dropped.read(message);
      default -> Optional.empty();
    };
  }

  /**
   * A subscription: its id (8 bytes), the length of its topic or pattern (1) and that in ASCII.
   *
   * @param id what its node calls it: a {@link SubscriptionId}
   * @param topic its topic, or the pattern of its topics
   */
  record Entry(long id, TopicFilter topic) {
    int encodedBytes() {
      return 9 + topic.name().length();
    }

    void encode(ByteBuffer target) {
      Fields.put(target.putLong(id), topic.name());
    }

    static Optional<Entry> read(ByteBuffer message) {
      if (message.remaining() < 9) {
        return Optional.empty();
      }
      long id = message.getLong();
      return Fields.filter(message)
          .filter(topic -> SubscriptionId.policy(id).isPresent())
          .map(topic -> new Entry(id, topic));
    }
  }

  /**
   * A part of all subscriptions of the sender: version (8), 1 if it is the first part and 2 if it is the last (1), how many
   * (2), and the entries. With the last part it takes the place of what was known before.
   *
   * @param version of the sender's table; to be acknowledged
   * @param first whether it begins the table
   * @param last whether it ends the table
   * @param entries at most {@link #CHUNK}
   */
  record Table(long version, boolean first, boolean last, List<Entry> entries)
      implements PeerMessage {
    static final byte TYPE = 1;

    /** Copies the entries. */
    public Table {
      entries = List.copyOf(entries);
    }

    @Override
    public int encodedBytes() {
      return 2 + 11 + entries.stream().mapToInt(Entry::encodedBytes).sum();
    }

    @Override
    public void encode(ByteBuffer target) {
      Fields.begin(target, TYPE)
          .putLong(version)
          .put((byte) ((first ? 1 : 0) | (last ? 2 : 0)))
          .putShort((short) entries.size());
      entries.forEach(entry -> entry.encode(target));
    }

    private static Optional<PeerMessage> read(ByteBuffer message) {
      if (message.remaining() < 11) {
        return Optional.empty();
      }
      long version = message.getLong();
      int part = message.get();
      int count = message.getShort();
      if (part < 0 || part > 3 || count < 0 || count > CHUNK) {
        return Optional.empty();
      }
      List<Entry> entries = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        Optional<Entry> entry = Entry.read(message);
        if (entry.isEmpty()) {
          return Optional.empty();
        }
        entries.add(entry.get());
      }
      return Fields.ended(message, new Table(version, (part & 1) != 0, (part & 2) != 0, entries));
    }
  }

  /**
   * One more subscription of the sender: version (8) and the entry.
   *
   * @param version of the sender's table with it; to be acknowledged
   * @param entry the subscription
   */
  record Subscribed(long version, Entry entry) implements PeerMessage {
    static final byte TYPE = 2;

    @Override
    public int encodedBytes() {
      return 2 + 8 + entry.encodedBytes();
    }

    @Override
    public void encode(ByteBuffer target) {
      entry.encode(Fields.begin(target, TYPE).putLong(version));
    }

    private static Optional<PeerMessage> read(ByteBuffer message) {
      if (message.remaining() < 8) {
        return Optional.empty();
      }
      long version = message.getLong();
      return Entry.read(message)
          .flatMap(entry -> Fields.ended(message, new Subscribed(version, entry)));
    }
  }

  /**
   * One subscription of the sender less: version (8) and id (8).
   *
   * @param version of the sender's table without it; to be acknowledged
   * @param id the subscription
   */
  record Unsubscribed(long version, long id) implements PeerMessage {
    static final byte TYPE = 3;

    @Override
    public int encodedBytes() {
      return 2 + 16;
    }

    @Override
    public void encode(ByteBuffer target) {
      Fields.begin(target, TYPE).putLong(version).putLong(id);
    }

    private static Optional<PeerMessage> read(ByteBuffer message) {
      return message.remaining() == 16
          ? Optional.of(new Unsubscribed(message.getLong(), message.getLong()))
          : Optional.empty();
    }
  }

  /**
   * The sender knows the receiver's table up to a version (8).
   *
   * @param version and all before
   */
  record Acknowledged(long version) implements PeerMessage {
    static final byte TYPE = 4;

    @Override
    public int encodedBytes() {
      return 2 + 8;
    }

    @Override
    public void encode(ByteBuffer target) {
      Fields.begin(target, TYPE).putLong(version);
    }

    private static Optional<PeerMessage> read(ByteBuffer message) {
      return message.remaining() == 8
          ? Optional.of(new Acknowledged(message.getLong()))
          : Optional.empty();
    }
  }

  /**
   * A message for subscriptions of the receiver: the number of the publication (8), how many targets (2), of each the
   * subscription's id (8) and the target's place in the report (4), and to the end the payload. Where it is no bytes, or some target
   * has subscribed to a pattern, it is labelled: before the targets its topic and the name of its type.
   */
  final class Published implements PeerMessage {
    static final byte TYPE = 5;

    /** The type of a labelled one. */
    static final byte LABELLED = 11;

    private static final int TARGET_BYTES = 12;

    private final long publication;
    private final @Nullable Label label;
    private final long[] subscriptions;
    private final int[] places;
    private final byte[] payload;

    /**
     * Makes one of bytes for who knows the topic; nothing is copied.
     *
     * @param publication its number
     * @param subscriptions the ids, at most {@link #TARGETS}
     * @param places for each, its place in the report
     * @param payload at most {@link #PAYLOAD_LIMIT} bytes
     */
    Published(long publication, long[] subscriptions, int[] places, byte[] payload) {
      this(publication, null, subscriptions, places, payload);
    }

    /**
     * Makes one; nothing is copied.
     *
     * @param publication its number
     * @param label its topic and type, or null where it needs none
     * @param subscriptions the ids, at most {@link #TARGETS}
     * @param places for each, its place in the report
     * @param payload at most {@link #PAYLOAD_LIMIT} bytes
     */
    Published(
        long publication,
        @Nullable Label label,
        long[] subscriptions,
        int[] places,
        byte[] payload) {
      this.label = label;
      this.publication = publication;
      this.subscriptions = subscriptions;
      this.places = places;
      this.payload = payload;
    }

    long publication() {
      return publication;
    }

    /** Returns its topic and type; null where they are those of each target. */
    @Nullable
    Label label() {
      return label;
    }

    int targets() {
      return subscriptions.length;
    }

    long subscription(int target) {
      return subscriptions[target];
    }

    int place(int target) {
      return places[target];
    }

    /** Returns the payload itself: nobody changes it. */
    byte[] payload() {
      return payload;
    }

    @Override
    public int encodedBytes() {
      int labelBytes = label == null ? 0 : Fields.bytes(label);
      return 2 + 10 + labelBytes + subscriptions.length * TARGET_BYTES + payload.length;
    }

    @Override
    public void encode(ByteBuffer target) {
      Fields.begin(target, label == null ? TYPE : LABELLED).putLong(publication).putShort((short)
          subscriptions.length);
      if (label != null) {
        Fields.put(target, label);
      }
      for (int i = 0; i < subscriptions.length; i++) {
        target.putLong(subscriptions[i]).putInt(places[i]);
      }
      target.put(payload);
    }

    private static Optional<PeerMessage> read(ByteBuffer message, boolean labelled) {
      if (message.remaining() < 10) {
        return Optional.empty();
      }
      long publication = message.getLong();
      int count = message.getShort();
      Optional<Label> label = labelled ? Fields.label(message) : Optional.empty();
      int payloadBytes = message.remaining() - count * TARGET_BYTES;
      if (label.isPresent() != labelled
          || count < 1
          || count > TARGETS
          || payloadBytes < 0
          || payloadBytes > PAYLOAD_LIMIT) {
        return Optional.empty();
      }
      long[] subscriptions = new long[count];
      int[] places = new int[count];
      for (int i = 0; i < count; i++) {
        subscriptions[i] = message.getLong();
        places[i] = message.getInt();
      }
      byte[] payload = new byte[payloadBytes];
      message.get(payload);
      return Optional.of(
          new Published(publication, label.orElse(null), subscriptions, places, payload));
    }
  }

  /**
   * What became of a message at one target: the number of the publication (8), the target's place (4), the outcome (1), and after
   * REJECTED the length of the reason (1) and the reason in printable ASCII.
   *
   * @param publication its number
   * @param place the target's place in the report
   * @param outcome what a target can know: not that it is late or lost
   * @param reason why the payload could not be read, if so; else empty
   */
  record Ended(long publication, int place, Outcome outcome, String reason) {
    private static final int BYTES = 13;

    /** Makes one without a reason. */
    Ended(long publication, int place, Outcome outcome) {
      this(publication, place, outcome, "");
    }
  }

  /**
   * What became of messages of the receiver: how many (2), and each.
   *
   * @param ends at most {@link #OUTCOMES}
   */
  record Reported(List<Ended> ends) implements PeerMessage {
    static final byte TYPE = 6;

    /** Copies the ends. */
    public Reported {
      ends = List.copyOf(ends);
    }

    @Override
    public int encodedBytes() {
      int reasonBytes = ends.stream()
          .mapToInt(end -> Fields.reasonBytes(end.outcome(), end.reason()))
          .sum();
      return 2 + 2 + ends.size() * Ended.BYTES + reasonBytes;
    }

    @Override
    public void encode(ByteBuffer target) {
      Fields.begin(target, TYPE).putShort((short) ends.size());
      ends.forEach(end -> Fields.put(
          target.putLong(end.publication()).putInt(end.place()), end.outcome(), end.reason()));
    }

    private static Optional<PeerMessage> read(ByteBuffer message) {
      if (message.remaining() < 2) {
        return Optional.empty();
      }
      int count = message.getShort();
      if (count < 0 || count > OUTCOMES) {
        return Optional.empty();
      }
      List<Ended> ends = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        if (message.remaining() < Ended.BYTES) {
          return Optional.empty();
        }
        long publication = message.getLong();
        int place = message.getInt();
        Optional<Outcome> outcome = Fields.outcome(message.get());
        Optional<String> reason = outcome.flatMap(known -> Fields.reason(known, message));
        if (reason.isEmpty()) {
          return Optional.empty();
        }
        ends.add(new Ended(publication, place, outcome.get(), reason.get()));
      }
      return Fields.ended(message, new Reported(ends));
    }
  }

  /**
   * What a publisher of the sender streams from now on, and to which subscriptions of the receiver: the stream (4), the number of the
   * next item (8), how many targets (2), the length of the topic (1) and the topic in ASCII, the same of the name of the type, empty
   * for bytes, and the ids of the subscriptions (8 each). Said once before the first item, and again where the targets change.
   *
   * @param stream what the sender calls it; never used for another one in a session
   * @param next the number of the next item
   * @param label the topic, and the type of all items
   * @param targets at most {@link #TARGETS}, none of them twice
   */
  record Streaming(int stream, long next, Label label, List<Long> targets) implements PeerMessage {
    static final byte TYPE = 7;

    /** Copies the targets. */
    public Streaming {
      targets = List.copyOf(targets);
    }

    @Override
    public int encodedBytes() {
      return 2 + 14 + Fields.bytes(label) + targets.size() * 8;
    }

    @Override
    public void encode(ByteBuffer target) {
      Fields.begin(target, TYPE).putInt(stream).putLong(next).putShort((short) targets.size());
      Fields.put(target, label);
      targets.forEach(target::putLong);
    }

    private static Optional<PeerMessage> read(ByteBuffer message) {
      if (message.remaining() < 14) {
        return Optional.empty();
      }
      int stream = message.getInt();
      long next = message.getLong();
      int count = message.getShort();
      Optional<Label> label = Fields.label(message);
      if (next < 1
          || count < 0
          || count > TARGETS
          || label.isEmpty()
          || message.remaining() != count * 8) {
        return Optional.empty();
      }
      List<Long> targets = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        targets.add(message.getLong());
      }
      return isTwice(targets)
          ? Optional.empty()
          : Optional.of(new Streaming(stream, next, label.get(), targets));
    }

    /** Who is named twice would be told everything twice. */
    private static boolean isTwice(List<Long> targets) {
      long[] sorted = targets.stream().mapToLong(Long::longValue).sorted().toArray();
      return IntStream.range(1, sorted.length).anyMatch(i -> sorted[i] == sorted[i - 1]);
    }
  }

  /**
   * Items of a stream: the stream (4), and to the end of each its length (4) and its payload. Their numbers follow those before.
   * The message is read where it lies: valid only while the bytes are.
   *
   * @param stream which
   * @param items the items as they came, each whole
   * @param count how many
   */
  record Streamed(int stream, ByteBuffer items, int count) implements PeerMessage {
    static final byte TYPE = 8;

    /** What comes before the first item. */
    static final int HEAD_BYTES = 2 + 4;

    /** What comes before each payload. */
    static final int ITEM_BYTES = 4;

    /** Returns what each message of a stream begins with. */
    static Encodable head(int stream) {
      return new Encodable() {
        @Override
        public int encodedBytes() {
          return HEAD_BYTES;
        }

        @Override
        public void encode(ByteBuffer target) {
          Fields.begin(target, TYPE).putInt(stream);
        }
      };
    }

    @Override
    public int encodedBytes() {
      return HEAD_BYTES + items.remaining();
    }

    @Override
    public void encode(ByteBuffer target) {
      Fields.begin(target, TYPE).putInt(stream).put(items.duplicate());
    }

    private static Optional<PeerMessage> read(ByteBuffer message) {
      if (message.remaining() < 4) {
        return Optional.empty();
      }
      int stream = message.getInt();
      int count = 0;
      int at = message.position();
      while (at < message.limit()) {
        int length = message.limit() - at < ITEM_BYTES ? -1 : message.getInt(at);
        if (length < 0 || length > PAYLOAD_LIMIT || length > message.limit() - at - ITEM_BYTES) {
          return Optional.empty();
        }
        at += ITEM_BYTES + length;
        count++;
      }
      return count == 0
          ? Optional.empty()
          : Optional.of(new Streamed(stream, message.slice(), count));
    }
  }

  /**
   * Items that had another outcome than DELIVERED: the first (8), the last (8), the outcome (1), and after REJECTED the length of the
   * reason (1) and the reason in printable ASCII.
   *
   * @param first the number of the first
   * @param last the number of the last
   * @param outcome what a target can know
   * @param reason why the payloads could not be read, if so; else empty
   */
  record Gap(long first, long last, Outcome outcome, String reason) {
    private static final int BYTES = 17;

    /** Makes one without a reason. */
    Gap(long first, long last, Outcome outcome) {
      this(first, last, outcome, "");
    }

    /** Tells whether it is more of the same as what was before. */
    boolean follows(Gap before) {
      return before.last + 1 == first && before.outcome == outcome && before.reason.equals(reason);
    }

    /** Returns this and what was before in one. */
    Gap from(Gap before) {
      return new Gap(before.first, last, outcome, before.reason);
    }

    Gap withoutReason() {
      return new Gap(first, last, outcome);
    }

    private static int bytes(List<Gap> gaps) {
      int reasonBytes = gaps.stream()
          .mapToInt(gap -> Fields.reasonBytes(gap.outcome(), gap.reason()))
          .sum();
      return gaps.size() * BYTES + reasonBytes;
    }

    private static void put(ByteBuffer target, List<Gap> gaps) {
      gaps.forEach(gap ->
          Fields.put(target.putLong(gap.first()).putLong(gap.last()), gap.outcome(), gap.reason()));
    }

    /** Reads so many, in order, none of which goes beyond a number. */
    private static Optional<List<Gap>> read(ByteBuffer message, int count, long latest) {
      List<Gap> gaps = new ArrayList<>();
      long before = 0;
      for (int i = 0; i < count; i++) {
        if (message.remaining() < BYTES) {
          return Optional.empty();
        }
        long first = message.getLong();
        long last = message.getLong();
        Optional<Outcome> outcome = Fields.outcome(message.get());
        Optional<String> reason = outcome.flatMap(known -> Fields.reason(known, message));
        if (reason.isEmpty()
            || outcome.get() == Outcome.DELIVERED
            || first <= before
            || last < first
            || last > latest) {
          return Optional.empty();
        }
        before = last;
        gaps.add(new Gap(first, last, outcome.get(), reason.get()));
      }
      return Optional.of(gaps);
    }
  }

  /**
   * How far a subscription of the sender is with a stream of the receiver: the stream (4), the subscription (8), up to which item all
   * have an outcome (8), how many bytes of payload those were since the stream began there (8), for how many items (4) and bytes (4) the
   * stream has credit from now on, how many gaps (2), and each.
   *
   * @param stream which
   * @param subscription whose
   * @param ended up to which number
   * @param bytes how many bytes of payload have ended
   * @param credit how much may be without an outcome
   * @param gaps what was not delivered, since this was said last; at most {@link #OUTCOMES}
   */
  record Progressed(
      int stream, long subscription, long ended, long bytes, Credit credit, List<Gap> gaps)
      implements PeerMessage {
    static final byte TYPE = 9;
    private static final int HEAD_BYTES = 4 + 8 + 8 + 8 + 4 + 4 + 2;

    /** Copies the gaps. */
    public Progressed {
      gaps = List.copyOf(gaps);
    }

    @Override
    public int encodedBytes() {
      return 2 + HEAD_BYTES + Gap.bytes(gaps);
    }

    @Override
    public void encode(ByteBuffer target) {
      Fields.begin(target, TYPE)
          .putInt(stream)
          .putLong(subscription)
          .putLong(ended)
          .putLong(bytes)
          .putInt(credit.messages())
          .putInt(credit.bytes())
          .putShort((short) gaps.size());
      Gap.put(target, gaps);
    }

    private static Optional<PeerMessage> read(ByteBuffer message) {
      if (message.remaining() < HEAD_BYTES) {
        return Optional.empty();
      }
      int stream = message.getInt();
      long subscription = message.getLong();
      long ended = message.getLong();
      long bytes = message.getLong();
      int creditMessages = message.getInt();
      int creditBytes = message.getInt();
      int count = message.getShort();
      if (ended < 0
          || bytes < 0
          || creditMessages < 1
          || creditBytes < 1
          || count < 0
          || count > OUTCOMES) {
        return Optional.empty();
      }
      Optional<List<Gap>> gaps = Gap.read(message, count, ended);
      if (gaps.isEmpty()) {
        return Optional.empty();
      }
      Credit credit = new Credit(creditMessages, creditBytes);
      return Fields.ended(
          message, new Progressed(stream, subscription, ended, bytes, credit, gaps.get()));
    }
  }

  /**
   * Items that have an outcome although others before them have none yet: the stream (4), the subscription (8), how many gaps (2), and
   * each. {@link Progressed} tells them again when it is their turn.
   *
   * @param stream which
   * @param subscription whose
   * @param gaps in order, at most {@link #OUTCOMES}
   */
  record Dropped(int stream, long subscription, List<Gap> gaps) implements PeerMessage {
    static final byte TYPE = 12;
    private static final int HEAD_BYTES = 4 + 8 + 2;

    /** Copies the gaps. */
    public Dropped {
      gaps = List.copyOf(gaps);
    }

    @Override
    public int encodedBytes() {
      return 2 + HEAD_BYTES + Gap.bytes(gaps);
    }

    @Override
    public void encode(ByteBuffer target) {
      Fields.begin(target, TYPE).putInt(stream).putLong(subscription).putShort((short) gaps.size());
      Gap.put(target, gaps);
    }

    private static Optional<PeerMessage> read(ByteBuffer message) {
      if (message.remaining() < HEAD_BYTES) {
        return Optional.empty();
      }
      int stream = message.getInt();
      long subscription = message.getLong();
      int count = message.getShort();
      return count < 0 || count > OUTCOMES
          ? Optional.empty()
          : Gap.read(message, count, Long.MAX_VALUE - 1)
              .flatMap(gaps -> Fields.ended(message, new Dropped(stream, subscription, gaps)));
    }
  }

  /**
   * Nothing follows in a stream: the stream (4).
   *
   * @param stream which
   */
  record StreamEnded(int stream) implements PeerMessage {
    static final byte TYPE = 10;

    @Override
    public int encodedBytes() {
      return 2 + 4;
    }

    @Override
    public void encode(ByteBuffer target) {
      Fields.begin(target, TYPE).putInt(stream);
    }

    private static Optional<PeerMessage> read(ByteBuffer message) {
      return message.remaining() == 4
          ? Optional.of(new StreamEnded(message.getInt()))
          : Optional.empty();
    }
  }

  /** What the types have in common. */
  final class Fields {
    private static final byte VERSION = 2;

    private Fields() {}

    private static ByteBuffer begin(ByteBuffer target, byte type) {
      return target.put(VERSION).put(type);
    }

    private static Optional<PeerMessage> ended(ByteBuffer message, PeerMessage read) {
      return message.hasRemaining() ? Optional.empty() : Optional.of(read);
    }

    private static void put(ByteBuffer target, String text) {
      byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
      target.put((byte) ascii.length).put(ascii);
    }

    private static Optional<String> text(ByteBuffer message) {
      int length = message.hasRemaining() ? Byte.toUnsignedInt(message.get()) : Integer.MAX_VALUE;
      if (length > message.remaining()) {
        return Optional.empty();
      }
      byte[] ascii = new byte[length];
      message.get(ascii);
      return Optional.of(new String(ascii, StandardCharsets.US_ASCII));
    }

    private static Optional<TopicFilter> filter(ByteBuffer message) {
      return text(message).flatMap(name -> {
        try {
          return Optional.of(TopicFilter.of(name));
        } catch (IllegalArgumentException e) {
          return Optional.empty();
        }
      });
    }

    private static int bytes(Label label) {
      return 2
          + label.topic().name().length()
          + (label.isBytes() ? 0 : label.type().length());
    }

    private static void put(ByteBuffer target, Label label) {
      put(target, label.topic().name());
      put(target, label.isBytes() ? "" : label.type());
    }

    private static Optional<Label> label(ByteBuffer message) {
      Optional<TopicFilter> topics = filter(message);
      Optional<String> type = topics.flatMap(ignored -> text(message));
      if (type.isEmpty() || !(topics.get() instanceof Topic topic)) {
        return Optional.empty();
      }
      return type.get().isEmpty()
          ? Optional.of(Label.bytes(topic))
          : type.filter(Codecs::isName).map(name -> new Label(topic, name));
    }

    private static int reasonBytes(Outcome outcome, String reason) {
      return outcome == Outcome.REJECTED ? 1 + reason.length() : 0;
    }

    private static void put(ByteBuffer target, Outcome outcome, String reason) {
      target.put(code(outcome));
      if (outcome == Outcome.REJECTED) {
        put(target, reason);
      }
    }

    private static Optional<String> reason(Outcome outcome, ByteBuffer message) {
      return outcome == Outcome.REJECTED
          ? text(message)
              .filter(reason -> reason.length() <= Unreadable.REASON_LIMIT
                  && reason.chars().allMatch(c -> c >= ' ' && c <= '~'))
          : Optional.of("");
    }

    static byte code(Outcome outcome) {
      return switch (outcome) {
        case DELIVERED -> 1;
        case REJECTED -> 2;
        case OVERFLOW -> 3;
        case UNSUBSCRIBED -> 4;
        case CLOSING -> 5;
        case TIMEOUT, NODE_LOST -> throw new AssertionError("no target can know of " + outcome);
      };
    }

    static Optional<Outcome> outcome(byte code) {
      return switch (code) {
        case 1 -> Optional.of(Outcome.DELIVERED);
        case 2 -> Optional.of(Outcome.REJECTED);
        case 3 -> Optional.of(Outcome.OVERFLOW);
        case 4 -> Optional.of(Outcome.UNSUBSCRIBED);
        case 5 -> Optional.of(Outcome.CLOSING);
        default -> Optional.empty();
      };
    }
  }
}
