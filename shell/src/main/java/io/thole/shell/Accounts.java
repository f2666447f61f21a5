package io.thole.shell;

import io.thole.api.Account;
import io.thole.api.Cluster;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The delivery accounts, and what can be read from them. */
final class Accounts {
  /** What a topic's account always shows. A kind's has others, which follow. */
  private static final List<String> OUTCOMES = List.of(
      "delivered", "rejected", "overflow", "unsubscribed", "timeout", "nodeLost", "closing");

  private static final List<String> UNKNOWN = List.of("timeout", "nodeLost", "closing");

  private final Supplier<Cluster> cluster;

  Accounts(Supplier<Cluster> cluster) {
    this.cluster = cluster;
  }

  List<Command> commands() {
    return List.of(new Command(
        Usage.of(
            "accounts",
            "Shows, for each topic and kind used on this node, what became of it; and whether it adds up.",
            "accepted + refused = attempts, and every target has one outcome or is open."),
        this::accounts));
  }

  private void accounts(Arguments arguments, Page page) {
    List<Account> accounts = cluster.get().accounts();
    page.table(
        accounts.stream().map(Accounts::row).toList(),
        "No accounts: nothing was published or called on this node.");
    long odd = accounts.stream().filter(account -> !account.balanced()).count();
    if (!accounts.isEmpty()) {
      page.note(odd == 0 ? "They add up." : odd + " of " + accounts.size() + " do not add up.");
    }
  }

  private static Row row(Account account) {
    Map<String, Long> outcomes = new LinkedHashMap<>();
    OUTCOMES.forEach(key -> outcomes.put(key, 0L));
    outcomes.putAll(account.outcomes());
    Row row = Row.EMPTY
        .with("scope", account.scope())
        .with("attempts", account.attempts())
        .with("accepted", account.accepted())
        .with("refused", account.refused())
        .with("targets", account.targets());
    for (Map.Entry<String, Long> outcome : outcomes.entrySet()) {
      row = row.hidden(outcome.getKey(), outcome.getValue());
    }
    return row.shown("outcomes", shown(account))
        .with("open", account.open())
        .with("balanced", account.balanced(), "adds up", account.balanced() ? "yes" : "NO");
  }

  private static String shown(Account account) {
    String shown = account.outcomes().entrySet().stream()
        .filter(outcome -> outcome.getValue() != 0)
        .map(outcome -> outcome.getKey() + "=" + outcome.getValue())
        .collect(Collectors.joining(" "));
    return shown.isEmpty() ? "-" : shown;
  }

  /** Returns how many targets have an outcome that leaves open whether they were reached. */
  static long unknown(List<Account> accounts) {
    return accounts.stream()
        .mapToLong(account -> UNKNOWN.stream()
            .mapToLong(key -> account.outcomes().getOrDefault(key, 0L))
            .sum())
        .sum();
  }

  /** Returns how many outcomes there are that belong to no target: those of targets that were counted twice. */
  static long surplus(List<Account> accounts) {
    return accounts.stream()
        .mapToLong(account -> Math.max(
            0,
            account.outcomes().values().stream().mapToLong(Long::longValue).sum()
                + account.open()
                - account.targets()))
        .sum();
  }

  /** Returns the key of an outcome: {@code NODE_LOST} is {@code nodeLost}. */
  static String key(String outcome) {
    String[] words = outcome.toLowerCase(Locale.ROOT).split("_");
    StringBuilder key = new StringBuilder(words[0]);
    for (int i = 1; i < words.length; i++) {
      key.append(Character.toUpperCase(words[i].charAt(0))).append(words[i].substring(1));
    }
    return key.toString();
  }
}
