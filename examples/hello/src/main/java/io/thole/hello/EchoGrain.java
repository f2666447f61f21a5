package io.thole.hello;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.thole.api.NodeId;
import io.thole.api.grain.Grain;

/** Replies {@code echo:TEXT@NODE}, where the node is its address. */
final class EchoGrain implements Grain {
  private final NodeId node;

  EchoGrain(NodeId node) {
    this.node = node;
  }

  @Override
  public byte[] onRequest(byte[] request) {
    return ("echo:" + new String(request, UTF_8) + "@" + node.authority()).getBytes(UTF_8);
  }
}
