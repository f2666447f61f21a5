package io.thole.tcpprovider;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.api.Test;

class TcpPortTest {
  private static final long SOON_NANOS = 5_000_000;

  @Test // G4
  void takesAnAnswerThatNobodyListensForEvidence() {
    assertTrue(TcpPort.nobodyListens(new ConnectException("refused"), SOON_NANOS));
  }

  @Test // G4
  void takesNoOtherFailureForEvidence() {
    List<Exception> others = List.of(
        new ConnectTimeoutException("timed out"),
        new NoRouteToHostException("no route"),
        new BindException("no port left"),
        new SocketException("too many open files"),
        new IOException("reset"));

    others.forEach(other -> assertFalse(TcpPort.nobodyListens(other, SOON_NANOS), other::toString));
  }

  @Test
  void takesNoTimeOutOfTheOperatingSystemForAnAnswer() {
    assertFalse(TcpPort.nobodyListens(new ConnectException("timed out"), 1_000_000_000));
  }
}
