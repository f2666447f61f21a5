package io.thole.spi;

import io.thole.api.NodeId;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A part's way to the same part on other nodes. Between two nodes that both have it open, a <em>session</em> stands: what is
 * sent in it arrives once, whole and in order, also with what is sent on other channels, however often the connection is
 * lost and made anew. A session ends when either side closes the channel, when a node leaves or is lost, or when it could
 * not be reached for 30 s; what was sent then may or may not have arrived.
 */
@ProviderType
public interface Channel extends AutoCloseable {
  /** The most bytes that a message may have that is cast: what is not kept must not crowd out what is. */
  int CAST_LIMIT = 16 << 10;

  /** For how many milliseconds {@link #hold} may wait for a message that does not come. */
  int HOLD_MILLIS = 20;

  /** What became of a message that was handed in. */
  enum Sending {
    /** It is in the link's buffer and will arrive unless the session ends. */
    SENT,
    /** There is no room at the moment; nothing was taken. */
    NO_CREDIT,
    /** There is no session with this node; nothing was taken. */
    NO_SESSION
  }

  /**
   * Sends a message. Any thread; never blocks; the message is encoded before this returns. Up to 8 MiB may wait for one
   * node.
   *
   * @param node to whom
   * @param message what
   * @throws IllegalArgumentException if it is longer than {@link Transport#MESSAGE_LIMIT}
   */
  Sending send(NodeId node, Encodable message);

  /**
   * Sends what answers something: as {@link #send}, but with the room that is kept for answers, another 8 MiB, so that an
   * outcome can be told where no new work would be taken.
   *
   * @param node to whom
   * @param message what
   * @throws IllegalArgumentException if it is longer than {@link Transport#MESSAGE_LIMIT}
   */
  Sending reply(NodeId node, Encodable message);

  /**
   * Sends one of many messages that are under way: as {@link #send}, but where nothing is being written the writing is left to the
   * transport's own thread, which takes all that was handed in until it comes. So what comes in quick succession travels
   * together, and a single message later than by {@link #send}: by the time that waking a thread takes.
   *
   * @param node to whom
   * @param message what
   * @throws IllegalArgumentException if it is longer than {@link Transport#MESSAGE_LIMIT}
   */
  default Sending gather(NodeId node, Encodable message) {
    return send(node, message);
  }

  /**
   * Takes an answer that others are about to follow: as {@link #reply}, but it goes out with whatever is sent next to this
   * node, or else after {@value #HOLD_MILLIS} ms.
   *
   * @param node to whom
   * @param message what
   * @throws IllegalArgumentException if it is longer than {@link Transport#MESSAGE_LIMIT}
   */
  default Sending hold(NodeId node, Encodable message) {
    return reply(node, message);
  }

  /**
   * Adds an item to a run: where the message that was taken last for this node began with the same head and has not gone out yet,
   * the item becomes its end; else a new message is the head and the item. So small items travel many in one message, for as long
   * as the link is busy, and one alone where it is not. Order and room are as for {@link #send}.
   *
   * @param node to whom
   * @param head what each message begins with; known by its identity, and encoded alike each time
   * @param item what to add; it is encoded before this returns, and may be used again
   * @throws IllegalArgumentException if both together are longer than {@link Transport#MESSAGE_LIMIT}
   */
  default Sending append(NodeId node, Encodable head, Encodable item) {
    return send(node, head.then(item));
  }

  /**
   * Casts a message: it goes out at once or not at all, is not kept, not acknowledged and never sent again. So it never
   * arrives late, as after a connection that was made anew, and waits for nothing that was sent before; it may overtake that,
   * or be lost. For what is worth nothing later: the probes of a gossiper. Any thread; never blocks.
   *
   * @param node to whom
   * @param message what
   * @return {@link Sending#SENT} if it was given to the transport; {@link Sending#NO_CREDIT} if no connection stands at the
   *     moment or the transport has no room
   * @throws IllegalArgumentException if it is longer than {@link #CAST_LIMIT}
   */
  Sending cast(NodeId node, Encodable message);

  /**
   * Closes the channel, and with it every session of it: what was sent before still goes out; messages that arrive later are
   * dropped and counted. Closed by itself when its part stops. The handler is told nothing more.
   */
  @Override
  void close();
}
