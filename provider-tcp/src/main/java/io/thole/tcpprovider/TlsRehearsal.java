package io.thole.tcpprovider;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** A handshake of two engines in memory, from the first word to the last. For one thread. */
final class TlsRehearsal {
  private static final int MOST_BYTES = 64 << 10; // of what one says before the other answers

  private final ByteBuffer toServer = ByteBuffer.allocate(MOST_BYTES);
  private final ByteBuffer toClient = ByteBuffer.allocate(MOST_BYTES);
  private final ByteBuffer none = ByteBuffer.allocate(0);
  // Nothing comes into it, but the engine takes no ticket after the handshake without room for
  // data.
  private final ByteBuffer room = ByteBuffer.allocate(TlsBuffers.RECORD_BYTES);

  private TlsRehearsal() {}

  /**
   * Lets two engines shake hands.
   *
   * @throws SSLException if one refuses the other
   */
  static void play(SSLEngine client, SSLEngine server) throws SSLException {
    TlsRehearsal rehearsal = new TlsRehearsal();
    client.beginHandshake();
    server.beginHandshake();
    boolean goesOn = true;
    while (goesOn) {
      goesOn = rehearsal.play(client, rehearsal.toClient, rehearsal.toServer);
      goesOn |= rehearsal.play(server, rehearsal.toServer, rehearsal.toClient);
    }
  }

  /** Lets one side do all that it can do now; tells whether it did anything. */
  private boolean play(SSLEngine side, ByteBuffer heard, ByteBuffer said) throws SSLException {
    boolean did = false;
    while (step(side, heard, said)) {
      did = true;
    }
    return did;
  }

  private boolean step(SSLEngine side, ByteBuffer heard, ByteBuffer said) throws SSLException {
    HandshakeStatus status = side.getHandshakeStatus();
    if (status == HandshakeStatus.NEED_TASK) {
      side.getDelegatedTask().run();
      return true;
    }
    if (status == HandshakeStatus.NEED_WRAP) {
      return side.wrap(none, said).bytesProduced() > 0;
    }
    heard.flip();
    try {
      return heard.hasRemaining() && side.unwrap(heard, room).bytesConsumed() > 0;
    } finally {
      heard.compact();
    }
  }
}
