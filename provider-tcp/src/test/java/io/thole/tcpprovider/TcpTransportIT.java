package io.thole.tcpprovider;

import io.thole.spi.Transport;
import io.thole.testkit.TransportContract;

class TcpTransportIT extends TransportContract {
  @Override
  protected Transport newTransport() {
    return new TcpTransport(TcpSettings.DEFAULTS);
  }
}
