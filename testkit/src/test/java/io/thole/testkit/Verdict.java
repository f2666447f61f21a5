package io.thole.testkit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * What a contract says of a plug-in.
 *
 * @param failures the tests that failed, and why
 * @param passed how many passed
 * @param skipped how many were skipped
 */
record Verdict(SortedMap<String, String> failures, int passed, int skipped) {
  /**
   * Runs a contract as an author's build does.
   *
   * @param contract a class that extends one
   */
  static Verdict of(Class<?> contract) {
    return of(List.of(selectClass(contract)));
  }

  /**
   * Runs some tests of a contract and no other: a lie says which must find it, and the rest would take the time.
   *
   * @param contract a class that extends one
   * @param tests the names of the tests
   */
  static Verdict of(Class<?> contract, Collection<String> tests) {
    return of(tests.stream()
        .map(test -> (DiscoverySelector) selectMethod(contract, test))
        .toList());
  }

  private static Verdict of(List<DiscoverySelector> selectors) {
    Listener listener = new Listener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selectors)
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
                .build(),
            listener);
    return new Verdict(listener.failures, listener.passed, listener.skipped);
  }

  private static final class Listener implements TestExecutionListener {
    private final SortedMap<String, String> failures = new TreeMap<>();
    private int passed;
    private int skipped;

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (!test.isTest()) {
        return;
      }
      switch (result.getStatus()) {
        case SUCCESSFUL -> passed++;
        case ABORTED -> skipped++;
        case FAILED ->
          failures.put(
              test.getDisplayName().replace("()", ""), String.valueOf(result.getThrowable()));
      }
    }
  }
}
