package io.twinberg.replicator.operation;

import io.twinberg.operation.Operation;
import io.twinberg.operation.OperationKind;
import io.twinberg.operation.OperationRequest;
import io.twinberg.operation.Outcome;

/** What is done for each kind of operation. */
record OperationWorks(
    VerifyWork verify,
    RetryWork retry,
    PauseWork pause,
    RefreshWork refresh,
    ResyncWork resync,
    PlanWork plan,
    DropWork drop) {
  /** Whether an operation has begun what only itself can bring to its end. */
  boolean mustEnd(Operation operation) {
    return operation.request().kind() == OperationKind.DROP && drop.hasBegun(operation);
  }

  Outcome run(RunningOperation running) throws InterruptedException {
    Operation operation = running.claim().operation();
    OperationRequest request = operation.request();
    return switch (request.kind()) {
      case VERIFY -> verify.run((OperationRequest.Verify) request, running);
      case RETRY -> retry.run((OperationRequest.Retry) request);
      case PAUSE -> pause.pause(operation, running);
      case RESUME -> pause.resume(operation);
      case REFRESH -> refresh.run((OperationRequest.Refresh) request, running);
      case RESYNC -> resync.run(operation, running);
      case PLAN -> plan.run((OperationRequest.Plan) request, running);
      case DROP -> drop.run(operation, running);
    };
  }
}
