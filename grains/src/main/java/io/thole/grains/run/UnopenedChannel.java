package io.thole.grains.run;

import io.thole.api.NodeId;
import io.thole.spi.Channel;
import io.thole.spi.Encodable;

/** A channel that is not there yet: what is sent is sent again soon, as where there is no session, and answers wait for room. */
final class UnopenedChannel implements Channel {
  @Override
  public Sending send(NodeId node, Encodable message) {
    return Sending.NO_SESSION;
  }

  @Override
  public Sending reply(NodeId node, Encodable message) {
    return Sending.NO_CREDIT;
  }

  @Override
  public Sending cast(NodeId node, Encodable message) {
    return Sending.NO_SESSION;
  }

  @Override
  public void close() {}
}
