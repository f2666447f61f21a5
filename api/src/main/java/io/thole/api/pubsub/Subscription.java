package io.thole.api.pubsub;

import io.thole.api.NodeId;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** A handler's place on a topic, or on all that match a pattern. */
@ProviderType
public interface Subscription extends AutoCloseable {
  /** Returns the topic, or the pattern. */
  TopicFilter topic();

  /**
   * Completes, within 5 s, when every member of the current view has acknowledged the subscription, with the members
   * that did not: an empty list if all did.
   */
  CompletionStage<List<NodeId>> spread();

  /**
   * Ends it: after this returned, no call of the handler begins. Waits for a running call, for at most 2 s; called from
   * inside the handler it returns at once.
   */
  @Override
  void close();
}
