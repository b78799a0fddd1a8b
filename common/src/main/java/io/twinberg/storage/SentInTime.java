package io.twinberg.storage;

import java.util.function.Consumer;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Holds requests back whose deadline has passed, each time that the SDK is about to send one.
 *
 * <p>Failure window: the process may stand still between this look and the sending. Requests are
 * signed by then, and stores refuse signatures that are older than 15 minutes.
 */
final class SentInTime implements ExecutionInterceptor {
  private record Bound(Deadline deadline, String location) {}

  private static final ExecutionAttribute<Bound> BOUND = new ExecutionAttribute<>("SentInTime");

  /** Gives a request its deadline. */
  static Consumer<AwsRequestOverrideConfiguration.Builder> until(
      Deadline deadline, String location) {
    return override -> override.putExecutionAttribute(BOUND, new Bound(deadline, location));
  }

  @Override
  public void beforeTransmission(
      Context.BeforeTransmission context, ExecutionAttributes attributes) {
    Bound bound = attributes.getAttribute(BOUND);
    if (bound != null) {
      bound.deadline().requireBefore(bound.location());
    }
  }
}
