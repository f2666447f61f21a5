package io.thole.api.pubsub;

import io.thole.api.NodeId;
import org.osgi.annotation.versioning.ProviderType;

/** A message on its way into a handler; valid until the handler returns. */
@ProviderType
public interface Message {
  /** Returns the topic on which it was published. */
  Topic topic();

  /** Returns the node that published it. */
  NodeId publisher();

  /** Returns a copy of the payload, which may be kept. */
  byte[] toBytes();
}
