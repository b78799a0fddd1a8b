package io.twinberg.it.engine.rck;

import java.util.List;

/** What the parent gets. */
record TestResults(List<TestResult> tests) {

  /**
   * How one test, or one class as a whole, ended.
   *
   * @param test the class's simple name and the display name
   * @param status PASSED, FAILED, ABORTED or SKIPPED
   * @param message of the failure or of the reason for skipping; empty if passed
   */
  record TestResult(String test, String status, String message) {}
}
