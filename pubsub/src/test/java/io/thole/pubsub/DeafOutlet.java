package io.thole.pubsub;

/** Tells nobody anything: a test asks the inlet itself. */
final class DeafOutlet implements Outlet {
  @Override
  public void owe(Inlet inlet) {}

  @Override
  public void flush() {}

  @Override
  public void say() {}

  @Override
  public void saySoon() {}

  @Override
  public boolean take(long bytes) {
    return true;
  }

  @Override
  public void give(long bytes) {}

  @Override
  public boolean tell(PeerMessage.Progressed progress) {
    return false;
  }
}
