package io.twinberg.proxy.management;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.operation.OperationRequest;
import io.twinberg.operation.ReplicaTarget;
import io.twinberg.operation.TargetedReplicas;
import io.twinberg.proxy.catalog.AnsweredException;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import io.twinberg.proxy.http.IcebergErrors;
import io.twinberg.replica.DropPreview;
import io.twinberg.replica.DroppedReplicas;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaLifecycle;
import java.util.List;
import java.util.Optional;

/**
 * Asks back before a replica is dropped: the first call is answered with what would go and a token,
 * and the same call with that token has it done. The token says what was shown, so that nothing has
 * to be kept between the two.
 */
final class DropConfirmation {
  private static final int CONFLICT = 409;
  private static final int STALE = 412;

  private final TargetedReplicas targeted;
  private final DroppedReplicas dropped;

  DropConfirmation(TargetedReplicas targeted, DroppedReplicas dropped) {
    this.targeted = targeted;
    this.dropped = dropped;
  }

  /**
   * The request for what was confirmed.
   *
   * @param token what an earlier answer gave
   * @throws AnsweredException when it was not, or when the replica may not be dropped
   */
  OperationRequest.Drop confirmed(ReplicaTarget target, Optional<String> token) {
    DropPreview preview = meant(target);
    Replica replica = preview.replica();
    if (replica.lifecycle() == ReplicaLifecycle.ACTIVE) {
      throw conflict(
          "%s at %s follows its table, and would come back at once: disable the rule that covers it first, or leave the table out of it"
              .formatted(replica.name(), replica.destination()));
    }
    if (token.isEmpty()) {
      throw unconfirmed(CONFLICT, whatGoes(preview), preview);
    }
    if (!token.get().equals(preview.token())) {
      throw unconfirmed(
          STALE,
          "confirm is not the token of this: it is mistyped, or the replica has changed since. "
              + whatGoes(preview),
          preview);
    }
    return new OperationRequest.Drop(target, replica.id(), replica.generation());
  }

  /** Of several that the source's name fits, the one that bears it at the destination. */
  private DropPreview meant(ReplicaTarget target) {
    if (target.source().isEmpty() || target.destination().isEmpty() || target.table().isEmpty()) {
      throw StatusQuestion.bad(
          "drop needs a source, a destination and a table: it is about one replica");
    }
    List<DropPreview> found =
        targeted.ids(target).stream().flatMap(id -> dropped.preview(id).stream()).toList();
    return found.stream()
        .filter(one -> one.replica().name().equals(target.table().get()))
        .findFirst()
        .orElseGet(() -> single(target, found));
  }

  private static DropPreview single(ReplicaTarget target, List<DropPreview> found) {
    if (found.isEmpty()) {
      throw new RefusedException(
          Reason.NOT_FOUND, "There is no replica of " + target + "; 'twinberg status' shows all.");
    }
    if (found.size() > 1) {
      throw conflict(
          "there are several replicas of %s; give the name of one at the destination: %s"
              .formatted(target, found.stream().map(one -> one.replica().name()).toList()));
    }
    return found.get(0);
  }

  private static String whatGoes(DropPreview preview) {
    Replica replica = preview.replica();
    return "Dropping %s (%s) takes it away from readers of %s, and removes all its files below %s: %d versions of it were published, the last one as %s. Send the same with \"confirm\": \"%s\" (--confirm) to have it done."
        .formatted(
            replica.name(),
            StatusJson.word(replica.lifecycle()),
            replica.destination(),
            replica.folder(),
            replica.generation(),
            replica.metadataLocation().orElse("nothing yet"),
            preview.token());
  }

  private static AnsweredException conflict(String message) {
    return new AnsweredException(IcebergErrors.answer(CONFLICT, message));
  }

  private static AnsweredException unconfirmed(int status, String message, DropPreview preview) {
    return new AnsweredException(IcebergErrors.answer(status, message, "drop", json(preview)));
  }

  private static ObjectNode json(DropPreview preview) {
    Replica replica = preview.replica();
    ObjectNode json =
        StatusJson.object()
            .put("confirm", preview.token())
            .put("replicaId", replica.id())
            .put("source", replica.source())
            .put("destination", replica.destination());
    json.set("namespace", StatusJson.levels(replica.name().namespace()));
    return json.put("table", replica.name().name())
        .put("lifecycle", StatusJson.word(replica.lifecycle()))
        .put("folder", replica.folder())
        .put("metadataLocation", replica.metadataLocation().orElse(null))
        .put("versions", replica.generation());
  }
}
