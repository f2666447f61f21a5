package io.thole.hello;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.thole.api.grain.Grain;

/** Replies the number of calls that it has had since its activation. A grain serves one at a time, so it needs no lock. */
final class CounterGrain implements Grain {
  private long calls;

  @Override
  public byte[] onRequest(byte[] request) {
    calls++;
    return Long.toString(calls).getBytes(UTF_8);
  }
}
