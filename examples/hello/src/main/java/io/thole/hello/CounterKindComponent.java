package io.thole.hello;

import io.thole.api.NodeId;
import io.thole.api.grain.Grain;
import io.thole.api.grain.GrainId;
import io.thole.api.grain.GrainKind;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The kind {@code counter}: counts its calls, each grain for itself. */
@Component
public final class CounterKindComponent implements GrainKind {
  /** Makes one; Declarative Services do. */
  @Activate
  public CounterKindComponent() {}

  @Override
  public String name() {
    return "counter";
  }

  @Override
  public Grain activate(GrainId id, NodeId node) {
    return new CounterGrain();
  }
}
