package io.thole.load;

import io.thole.api.NodeId;
import io.thole.api.grain.Grain;
import io.thole.api.grain.GrainId;
import io.thole.api.grain.GrainKind;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The kind {@code load}: its grains write down each request and send it back. */
@Component
public final class LoadKindComponent implements GrainKind {
  private final JournalComponent journals;

  /** Makes one; Declarative Services do. */
  @Activate
  public LoadKindComponent(@Reference JournalComponent journals) {
    this.journals = journals;
  }

  @Override
  public String name() {
    return "load";
  }

  @Override
  public Grain activate(GrainId id, NodeId node) {
    String place = journals.place(id.key());
    return request -> {
      LoadMessage.decode(request)
          .ifPresent(
              what -> journals.handled("kind " + id.kind(), what, "", node.toString(), place));
      return request;
    };
  }
}
