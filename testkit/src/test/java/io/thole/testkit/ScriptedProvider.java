package io.thole.testkit;

import io.thole.api.Authority;
import io.thole.api.ClusterException;
import io.thole.api.NodeId;
import io.thole.spi.ClusterProvider;
import io.thole.spi.PartContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A provider that does everything right, for tests to spoil: its source is a field. */
class ScriptedProvider implements ClusterProvider {
  private List<Authority> members = List.of();
  private @Nullable PartContext context;
  private boolean broken;

  void list(List<Authority> next) {
    members = next;
    broken = false;
    PartContext running = context;
    if (running != null) {
      tell(running);
    }
  }

  void breakIt() {
    broken = true;
  }

  final void tell(PartContext to) {
    to.topology().view(members.stream().map(NodeId::at).toList());
  }

  @Override
  public String name() {
    return "scripted";
  }

  @Override
  public void startMember(PartContext given) {
    if (broken) {
      throw new ClusterException("the source is broken");
    }
    tell(given);
    context = given;
  }

  @Override
  public void startClient(PartContext given) {
    startMember(given);
  }

  @Override
  public void shutdown(boolean graceful) {
    context = null;
  }
}
