package io.twinberg.replicator.operation;

import io.twinberg.operation.OperationRequest;
import io.twinberg.operation.Outcome;
import io.twinberg.operation.ReplicaTarget;
import io.twinberg.operation.TargetedReplicas;
import io.twinberg.replica.ReplicaFailures;
import io.twinberg.wake.Wake;
import java.util.List;

/** Lets failed replicas be tried again at once. */
final class RetryWork {
  private final ReplicaFailures failures;
  private final TargetedReplicas targeted;
  private final Wake lanes;

  RetryWork(ReplicaFailures failures, TargetedReplicas targeted, Wake lanes) {
    this.failures = failures;
    this.targeted = targeted;
    this.lanes = lanes;
  }

  Outcome run(OperationRequest.Retry request) {
    List<String> ids = targeted.ids(request.target());
    long retried = ids.stream().filter(failures::retryNow).count();
    lanes.signal();
    String json =
        VerifyWork.object()
            .put("ok", true)
            .put("replicas", ids.size())
            .put("retried", retried)
            .toString();
    return Outcome.completed(
        retried == 0
            ? "nothing to retry: " + none(request.target()) + " has failed"
            : retried + (retried == 1 ? " replica is" : " replicas are") + " tried again now",
        json);
  }

  private static String none(ReplicaTarget target) {
    return target.equals(ReplicaTarget.ALL) ? "no replica" : "no replica of " + target;
  }
}
