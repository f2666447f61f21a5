package io.thole.launcher.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A Markdown file and its fenced blocks.
 *
 * @param file where it is
 * @param blocks in their order
 */
record Document(Path file, List<Block> blocks) {
  private static final String FENCE = "```";

  /**
   * One fenced block.
   *
   * @param language what stands after the fence
   * @param line the line of the fence, from 1
   * @param lines what stands between the fences
   */
  record Block(String language, int line, List<String> lines) {
    String text() {
      return String.join("\n", lines);
    }
  }

  static Document read(Path file) throws IOException {
    List<Block> blocks = new ArrayList<>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith(FENCE)) {
        int end = closing(lines, i + 1);
        blocks.add(new Block(
            lines.get(i).substring(FENCE.length()).strip(),
            i + 1,
            List.copyOf(lines.subList(i + 1, end))));
        i = end;
      }
    }
    return new Document(file, blocks);
  }

  private static int closing(List<String> lines, int from) {
    int end = from;
    while (!lines.get(end).equals(FENCE)) {
      end++;
    }
    return end;
  }

  List<Block> of(String language) {
    return blocks.stream().filter(block -> block.language().equals(language)).toList();
  }

  /** Returns every step of every transcript. */
  List<Step> steps() {
    return blocks.stream()
        .filter(block -> block.language().split(" ")[0].equals(Step.TRANSCRIPT))
        .flatMap(block -> Step.of(block).stream())
        .toList();
  }
}
