package io.thole.api;

/** What a node is doing. */
public enum ClusterState {
  /** Nothing of it runs. */
  STOPPED,
  /** It was asked to start, and waits for parts that are not there yet. */
  WAITING,
  /** Its parts are being started. */
  STARTING,
  /** All that it waited for runs. */
  RUNNING,
  /** Its parts are being stopped. */
  STOPPING
}
