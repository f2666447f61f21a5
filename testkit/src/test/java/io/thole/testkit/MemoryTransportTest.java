package io.thole.testkit;

import io.thole.spi.Transport;

class MemoryTransportTest extends TransportContract {
  private final MemoryNetwork network = new MemoryNetwork();

  @Override
  protected Transport newTransport() {
    return network.transport();
  }

  @Override
  protected void passTime() {
    network.run();
  }
}
