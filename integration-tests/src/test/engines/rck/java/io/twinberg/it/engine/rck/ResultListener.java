package io.twinberg.it.engine.rck;

import io.twinberg.it.engine.rck.TestResults.TestResult;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/** Collects the results of tests, and of classes that did not come to run theirs. */
final class ResultListener implements TestExecutionListener {
  private final Map<String, TestResult> results = new TreeMap<>();

  TestResults results() {
    return new TestResults(List.copyOf(results.values()));
  }

  @Override
  public synchronized void executionSkipped(TestIdentifier test, String reason) {
    add(test, "SKIPPED", reason);
  }

  @Override
  public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (result.getThrowable().isPresent()) {
      result.getThrowable().get().printStackTrace(System.err);
    }
    boolean passed = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
    if (test.isTest() || !passed) {
      String status = passed ? "PASSED" : result.getStatus().name();
      add(test, status, result.getThrowable().map(Throwable::toString).orElse(""));
    }
  }

  private void add(TestIdentifier test, String status, String message) {
    String name = name(test);
    results.put(name, new TestResult(name, status, message));
  }

  private static String name(TestIdentifier test) {
    TestSource source = test.getSource().orElse(null);
    if (source instanceof MethodSource method) {
      String run = test.getDisplayName().replace(method.getMethodName(), "");
      return simple(method.getClassName()) + "." + method.getMethodName() + run;
    }
    return source instanceof ClassSource type ? simple(type.getClassName()) : test.getUniqueId();
  }

  private static String simple(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }
}
