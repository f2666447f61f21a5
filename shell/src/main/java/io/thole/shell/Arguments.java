package io.thole.shell;

import io.thole.api.Authority;
import io.thole.api.Escaped;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a person typed after the name of a command, checked against its usage.
 *
 * @param usage how the command is called
 * @param words the words that are no options, in order
 * @param options the options that were given, with their values; blank where an option takes none
 */
record Arguments(Usage usage, List<String> words, Map<String, String> options) {
  private static final Pattern SHORT_DURATION = Pattern.compile("([0-9]{1,9}[dhms])+");
  private static final Pattern COUNT = Pattern.compile("[0-9]{1,9}");

  /** Copies both. */
  Arguments {
    words = List.copyOf(words);
    options = Map.copyOf(options);
  }

  /**
   * Reads what was typed.
   *
   * @throws CommandFailedException if it does not fit the usage; with {@code --help} only the options have to
   */
  static Arguments parse(Usage usage, List<?> typed) {
    List<String> words = new ArrayList<>();
    Map<String, String> options = new HashMap<>();
    Iterator<?> rest = typed.iterator();
    while (rest.hasNext()) {
      String word = String.valueOf(rest.next());
      if (!word.startsWith("-") || word.length() == 1) {
        words.add(word);
        continue;
      }
      Usage.Option option = option(usage, word);
      if (option.value().isPresent() && !rest.hasNext()) {
        throw new CommandFailedException(
            "option " + word + " lacks its value; usage: " + usage.synopsis());
      }
      options.put(word, option.value().isPresent() ? String.valueOf(rest.next()) : "");
    }
    Arguments arguments = new Arguments(usage, words, options);
    if (!arguments.has("--help")) {
      arguments.checkWords();
    }
    return arguments;
  }

  private static Usage.Option option(Usage usage, String word) {
    return usage.options().stream()
        .filter(option -> option.name().equals(word))
        .findFirst()
        .orElseThrow(() -> new CommandFailedException("unknown option " + Escaped.plain(word)
            + "; allowed: "
            + usage.options().stream().map(String::valueOf).collect(Collectors.joining(", "))));
  }

  private void checkWords() {
    int least = usage.required().size();
    int most = least + usage.optional().size();
    if (words.size() < least) {
      throw new CommandFailedException(
          usage.required().get(words.size()) + " is missing; usage: " + usage.synopsis());
    }
    if (words.size() > most) {
      throw new CommandFailedException("unexpected " + Escaped.of(words.get(most)) + "; usage: "
          + usage.synopsis() + "; a text with blanks stands in quotes");
    }
  }

  boolean has(String option) {
    return options.containsKey(option);
  }

  Optional<String> value(String option) {
    return Optional.ofNullable(options.get(option));
  }

  String word(int index) {
    return words.get(index);
  }

  Authority address(int index) {
    return Authority.parse(words.get(index));
  }

  int count(String option, int otherwise) {
    Optional<String> text = value(option);
    if (text.isPresent() && !COUNT.matcher(text.get()).matches()) {
      throw new CommandFailedException(
          option + " " + Escaped.of(text.get()) + " is no number; allowed: 0 to 999999999");
    }
    return text.map(Integer::parseInt).orElse(otherwise);
  }

  /** Reads {@code 30s}, {@code 5m}, {@code 2h}, {@code 1d}, {@code 1h30m} or what ISO 8601 writes as {@code PT5M}. */
  Optional<Duration> duration(String option) {
    return value(option).map(text -> duration(option, text));
  }

  private static Duration duration(String option, String text) {
    String small = text.strip().toLowerCase(Locale.ROOT);
    try {
      Duration duration =
          Duration.parse(SHORT_DURATION.matcher(small).matches() ? iso(small) : text);
      if (!duration.isNegative() && !duration.isZero()) {
        return duration;
      }
    } catch (DateTimeException | ArithmeticException e) {
      // It is no duration: said below, with the value.
    }
    throw new CommandFailedException(option + " " + Escaped.of(text)
        + " is no duration above zero; allowed: 30s, 5m, 2h, 1d, 1h30m, PT5M");
  }

  private static String iso(String small) {
    int days = small.indexOf('d');
    return days < 0
        ? "PT" + small
        : "P" + small.substring(0, days + 1)
            + (days + 1 < small.length() ? "T" + small.substring(days + 1) : "");
  }
}
