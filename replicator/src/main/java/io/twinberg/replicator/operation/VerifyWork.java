package io.twinberg.replicator.operation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.log.EntryKind;
import io.twinberg.log.SourceTable;
import io.twinberg.log.SourceTables;
import io.twinberg.operation.OperationRequest;
import io.twinberg.operation.Outcome;
import io.twinberg.operation.TargetedReplicas;
import io.twinberg.replica.Replica;
import io.twinberg.replica.Replicas;
import io.twinberg.replicator.settings.ReplicatorEnds;
import io.twinberg.replicator.verify.ReplicaVerifier;
import io.twinberg.replicator.verify.Subject;
import io.twinberg.replicator.verify.UnfinishedException;
import io.twinberg.replicator.verify.VerifyReport;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Verifies the replicas of a request, one after the other. */
final class VerifyWork {
  private final Replicas replicas;
  private final SourceTables tables;
  private final TargetedReplicas targeted;
  private final Map<String, ReplicatorEnds.Source> sources;
  private final Map<String, ReplicatorEnds.Destination> destinations;
  private final ReplicaVerifier verifier;

  VerifyWork(
      Replicas replicas,
      SourceTables tables,
      TargetedReplicas targeted,
      ReplicatorEnds ends,
      ReplicaVerifier verifier) {
    this.replicas = replicas;
    this.tables = tables;
    this.targeted = targeted;
    this.sources =
        ends.sources().stream()
            .collect(Collectors.toMap(ReplicatorEnds.Source::name, Function.identity()));
    this.destinations =
        ends.destinations().stream()
            .collect(Collectors.toMap(ReplicatorEnds.Destination::name, Function.identity()));
    this.verifier = verifier;
  }

  Outcome run(OperationRequest.Verify request, RunningOperation running)
      throws InterruptedException {
    List<String> ids = targeted.ids(request.target());
    VerifyResult result = new VerifyResult();
    for (int i = 0; i < ids.size(); i++) {
      // A view has no files but its metadata, which the parser has read before it was published.
      Optional<Replica> replica =
          replicas.find(ids.get(i)).filter(found -> found.kind() == EntryKind.TABLE);
      if (replica.isPresent()) {
        running.part("replica %d of %d, %s".formatted(i + 1, ids.size(), replica.get().name()));
        verify(replica.get(), request, running, result);
      }
    }
    return Outcome.verified(
        result.summary(), result.json().toString(), result.violationsByDestination());
  }

  private void verify(
      Replica replica,
      OperationRequest.Verify request,
      RunningOperation running,
      VerifyResult result)
      throws InterruptedException {
    Optional<String> missing = missing(replica);
    if (missing.isPresent()) {
      result.unfinished(replica, missing.get());
      return;
    }
    Optional<Subject> subject = subject(replica);
    if (subject.isEmpty()) {
      result.unpublished(replica);
      return;
    }
    try {
      VerifyReport report = verifier.verify(subject.get(), request.rows(), running);
      result.verified(report);
    } catch (UnfinishedException e) {
      result.unfinished(replica, String.valueOf(e.getMessage()));
    }
  }

  private Optional<String> missing(Replica replica) {
    if (!destinations.containsKey(replica.destination())) {
      return Optional.of(
          "the destination " + replica.destination() + " is not in the configuration any more");
    }
    return sources.containsKey(replica.source())
        ? Optional.empty()
        : Optional.of("the source " + replica.source() + " is not in the configuration any more");
  }

  private Optional<Subject> subject(Replica replica) {
    OptionalLong receipt = replica.receiptId();
    if (replica.metadataLocation().isEmpty() || receipt.isEmpty()) {
      return Optional.empty();
    }
    SourceTable table = tables.find(replica.tableId()).orElseThrow();
    ReplicatorEnds.Source source = sources.get(replica.source());
    ReplicatorEnds.Destination destination = destinations.get(replica.destination());
    return Optional.of(
        new Subject(
            replica.id(),
            replica.destination(),
            replica.kind(),
            replica.name(),
            replica.folder(),
            replica.position(),
            replica.metadataLocation().get(),
            targeted.sourceMetadata(receipt.getAsLong()).orElseThrow(),
            replica.historyThrough(),
            destination.store(),
            replica.shownRefs(),
            replica.settings().retention().orElseGet(destination::retention),
            new Subject.Origin(
                replica.source(), table.name(), source.reader(), source.files().of(table::name))));
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
