package io.thole.grains.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.thole.api.NodeId;
import io.thole.api.grain.Grain;
import io.thole.api.grain.GrainId;
import io.thole.api.grain.GrainKind;
import java.util.ArrayList;
import java.util.List;

/** A kind whose grains note what they are asked, in one journal for all nodes, and reply it. */
final class RecordingKind implements GrainKind {
  /**
   * A request that a grain has served.
   *
   * @param life which activation, of all that there have been
   */
  record Served(GrainId id, NodeId node, int life, String text) {}

  private final String name;
  private final List<Served> journal;
  private final List<GrainId> lives = new ArrayList<>();

  RecordingKind(String name, List<Served> journal) {
    this.name = name;
    this.journal = journal;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Grain activate(GrainId id, NodeId node) {
    lives.add(id);
    int life = lives.size();
    return request -> {
      String text = new String(request, UTF_8);
      if (text.startsWith("throw")) {
        throw new IllegalStateException(text);
      }
      journal.add(new Served(id, node, life, text));
      return request;
    };
  }
}
