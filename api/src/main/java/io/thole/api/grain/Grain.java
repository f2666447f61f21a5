package io.thole.api.grain;

import org.osgi.annotation.versioning.ConsumerType;

/** One activation: serves one request at a time, in the order of each caller. */
@ConsumerType
@FunctionalInterface
public interface Grain {
  /**
   * Serves a request.
   *
   * @param request the request, the grain's own
   * @return the reply
   * @throws Exception whatever it likes; the caller is told its type and message
   */
  byte[] onRequest(byte[] request) throws Exception;
}
