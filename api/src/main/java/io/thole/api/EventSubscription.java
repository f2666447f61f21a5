package io.thole.api;

import org.osgi.annotation.versioning.ProviderType;

/** An observer's place on the {@link EventStream}. */
@ProviderType
public interface EventSubscription extends AutoCloseable {
  /**
   * Ends the subscription: after this returned, no call of the observer begins. Waits for a call that is running, for at
   * most 2 s; called from inside the observer it returns at once. Any thread; a second time does nothing.
   */
  @Override
  void close();
}
