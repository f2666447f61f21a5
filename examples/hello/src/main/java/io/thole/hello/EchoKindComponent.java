package io.thole.hello;

import io.thole.api.NodeId;
import io.thole.api.grain.Grain;
import io.thole.api.grain.GrainId;
import io.thole.api.grain.GrainKind;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The kind {@code echo}: says back what it was told, and where it lives. */
@Component
public final class EchoKindComponent implements GrainKind {
  /** Makes one; Declarative Services do. */
  @Activate
  public EchoKindComponent() {}

  @Override
  public String name() {
    return "echo";
  }

  @Override
  public Grain activate(GrainId id, NodeId node) {
    return new EchoGrain(node);
  }
}
