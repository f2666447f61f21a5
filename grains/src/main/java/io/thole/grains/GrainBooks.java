package io.thole.grains;

import io.thole.api.Account;
import io.thole.api.grain.CallReport;
import io.thole.api.grain.CallReport.AppError;
import io.thole.api.grain.CallReport.NotSent;
import io.thole.api.grain.CallReport.Ok;
import io.thole.api.grain.CallReport.Unknown;
import io.thole.api.grain.CallReport.UnknownReason;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The accounts of the calls made on this node, one for each kind. Every call is an attempt that is accepted and has one
 * outcome: what is refused at once has the outcome {@code notSent}, as what is refused later has.
 */
public final class GrainBooks {
  /** How many kinds have an account of their own: a caller may make up names. */
  public static final int KINDS_LIMIT = 1_000;

  private static final String OTHERS = "(others)"; // no kind has such a name
  private static final List<String> OUTCOMES =
      List.of("ok", "appError", "notSent", "timeout", "nodeLost");

  private final Map<String, Page> pages = new HashMap<>();

  /** The account of one kind. */
  private static final class Page {
    final long[] outcomes = new long[OUTCOMES.size()];
    long attempts;
    long open;

    Map<String, Long> outcomes() {
      Map<String, Long> named = new LinkedHashMap<>();
      for (int i = 0; i < outcomes.length; i++) {
        named.put(OUTCOMES.get(i), outcomes[i]);
      }
      return named;
    }
  }

  /** Notes that a call was made. */
  public void called(String kind) {
    Page page = page(kind);
    page.attempts++;
    page.open++;
  }

  /** Notes the outcome of a call. */
  public void ended(String kind, CallReport report) {
    Page page = page(kind);
    page.open--;
    page.outcomes[outcome(report)]++;
  }

  /** Returns the accounts, sorted by kind. */
  public List<Account> accounts() {
    return pages.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> account("kind " + entry.getKey(), entry.getValue()))
        .toList();
  }

  private static Account account(String scope, Page page) {
    return new Account(
        scope, page.attempts, page.attempts, 0, page.attempts, page.outcomes(), page.open);
  }

  private Page page(String kind) {
    Page known = pages.get(kind);
    if (known != null) {
      return known;
    }
    return pages.computeIfAbsent(pages.size() < KINDS_LIMIT ? kind : OTHERS, unheard -> new Page());
  }

  /** Returns the place of an outcome among {@link #OUTCOMES}. */
  private static int outcome(CallReport report) {
    if (report instanceof Ok) {
      return 0;
    } else if (report instanceof AppError) {
      return 1;
    } else if (report instanceof NotSent) {
      return 2;
    } else if (report instanceof Unknown unknown) {
      return unknown.reason() == UnknownReason.TIMEOUT ? 3 : 4;
    }
    throw new AssertionError("a report without an outcome: " + report.getClass());
  }
}
