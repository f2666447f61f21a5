package io.thole.core.grain;

import io.thole.api.Account;
import io.thole.api.grain.CallReport;
import io.thole.api.grain.CallReport.AppError;
import io.thole.api.grain.CallReport.NotSent;
import io.thole.api.grain.CallReport.Ok;
import io.thole.api.grain.CallReport.Unknown;
import io.thole.api.grain.CallReport.UnknownReason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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

  private final Map<String, Page> pages = new TreeMap<>();

  /** The account of one kind. */
  private static final class Page {
    final Map<String, Long> outcomes = new LinkedHashMap<>();
    long attempts;
    long open;

    Page() {
      OUTCOMES.forEach(outcome -> outcomes.put(outcome, 0L));
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
    page.outcomes.merge(outcome(report), 1L, Long::sum);
  }

  /** Returns the accounts, sorted by kind. */
  public List<Account> accounts() {
    return pages.entrySet().stream()
        .map(entry -> account("kind " + entry.getKey(), entry.getValue()))
        .toList();
  }

  private static Account account(String scope, Page page) {
    return new Account(
        scope, page.attempts, page.attempts, 0, page.attempts, page.outcomes, page.open);
  }

  private Page page(String kind) {
    Page known = pages.get(kind);
    if (known != null) {
      return known;
    }
    return pages.computeIfAbsent(pages.size() < KINDS_LIMIT ? kind : OTHERS, unheard -> new Page());
  }

  private static String outcome(CallReport report) {
    if (report instanceof Ok) {
      return "ok";
    } else if (report instanceof AppError) {
      return "appError";
    } else if (report instanceof NotSent) {
      return "notSent";
    } else if (report instanceof Unknown unknown) {
      return unknown.reason() == UnknownReason.TIMEOUT ? "timeout" : "nodeLost";
    }
    throw new AssertionError("a report without an outcome: " + report.getClass());
  }
}
