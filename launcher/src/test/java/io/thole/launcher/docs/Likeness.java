package io.thole.launcher.docs;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What two runs of one command have in common: what differs from run to run gives way to a placeholder. */
final class Likeness {
  private static final List<Map.Entry<Pattern, String>> PLACEHOLDERS = List.of(
      Map.entry(Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z"), "<time>"),
      Map.entry(Pattern.compile("(?<=Millis\"?[=:]|after=)[0-9.]+"), "<millis>"),
      Map.entry(Pattern.compile("(?<=:\\d{1,5}#)[0-9a-f]{16}"), "<incarnation>"),
      Map.entry(Pattern.compile("(?<=membersHash\"?[ :\"]{1,3})[0-9a-f]{16}"), "<hash>"),
      Map.entry(Pattern.compile("0\\.1\\.0[.-]SNAPSHOT"), "<version>"),
      Map.entry(Pattern.compile("(?<=Java )[0-9]+[-+.0-9A-Za-z]*"), "<version>"),
      Map.entry(
          Pattern.compile("(?<=\\d from )\\S+ in \\d+(?= us$)"), "<chosen by hash> in <micros>"),
      Map.entry(Pattern.compile("\\d+(?= are active)"), "<count>"),
      Map.entry(Pattern.compile("(?<=\"micros\":)\\d+|\\d+(?= us$)"), "<micros>"),
      Map.entry(Pattern.compile("(?<=, process )\\d+"), "<pid>"),
      Map.entry(Pattern.compile(" +"), " "));

  private Likeness() {}

  static List<String> of(List<String> lines) {
    return lines.stream().map(Likeness::of).toList();
  }

  private static String of(String line) {
    String text = line;
    for (Map.Entry<Pattern, String> placeholder : PLACEHOLDERS) {
      text = placeholder.getKey().matcher(text).replaceAll(placeholder.getValue());
    }
    return text.stripTrailing();
  }
}
