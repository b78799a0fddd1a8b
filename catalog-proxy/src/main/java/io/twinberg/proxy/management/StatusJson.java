package io.twinberg.proxy.management;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.replica.ErrorCode;
import io.twinberg.replica.PauseScope;
import io.twinberg.replica.ReplicaFailure;
import io.twinberg.replica.ReplicaLifecycle;
import io.twinberg.replica.ReplicaProgress;
import io.twinberg.status.ReplicaState;
import io.twinberg.status.ReplicaStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.iceberg.catalog.Namespace;
import org.jspecify.annotations.Nullable;

/** How statuses are written: names as in the design, instants in UTC, what is absent as null. */
final class StatusJson {
  private static final double MILLIS = 1000.0;

  private StatusJson() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ArrayNode replicas(List<ReplicaStatus> replicas) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    replicas.forEach(replica -> array.add(replica(replica)));
    return array;
  }

  static ArrayNode levels(Namespace namespace) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (String level : namespace.levels()) {
      array.add(level);
    }
    return array;
  }

  static ObjectNode counts(Map<ReplicaState, Long> counts) {
    ObjectNode body = object();
    for (ReplicaState state : ReplicaState.values()) {
      body.put(state.word(), counts.getOrDefault(state, 0L));
    }
    return body;
  }

  static ObjectNode lag(long versions, Duration age) {
    return object().put("versions", versions).put("seconds", seconds(age));
  }

  static double seconds(Duration duration) {
    return duration.toMillis() / MILLIS;
  }

  static @Nullable String instant(Optional<Instant> instant) {
    return instant.map(Instant::toString).orElse(null);
  }

  private static ObjectNode replica(ReplicaStatus replica) {
    ObjectNode body = object();
    body.put("source", replica.source()).put("destination", replica.destination());
    body.set("namespace", levels(replica.table().namespace()));
    body.put("table", replica.table().name())
        .put("kind", replica.kind().name().toLowerCase(Locale.ROOT))
        .put("replicaId", replica.replicaId())
        .put("state", replica.state().word())
        .put("paused", replica.paused())
        .put("pausedBy", replica.pausedBy().map(PauseScope::word).orElse(null))
        .put("lifecycle", word(replica.lifecycle()))
        .put("sourceCheckedAt", instant(replica.sourceCheckedAt()));
    body.set("progress", orNull(replica.progress().map(StatusJson::progress)));
    body.set("lag", lag(replica.lag().versions(), replica.lag().age()));
    body.set("lastApplied", orNull(replica.lastApplied().map(StatusJson::applied)));
    body.set("lastReceipt", orNull(replica.lastReceipt().map(StatusJson::receipt)));
    body.set("lastError", orNull(replica.lastError().map(StatusJson::error)));
    body.put("attempts", replica.attempts()).put("givenUp", replica.givenUp());
    body.put("nextAttempt", instant(replica.nextAttempt()));
    body.put("needsPerson", replica.needsPerson());
    body.put("waitsForGroupSince", instant(replica.waitsForGroupSince()));
    body.put("groupSplitAt", instant(replica.groupSplitAt()));
    return body;
  }

  static String word(ReplicaLifecycle lifecycle) {
    return lifecycle.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static JsonNode orNull(Optional<ObjectNode> node) {
    return node.<JsonNode>map(present -> present).orElse(JsonNodeFactory.instance.nullNode());
  }

  private static ObjectNode applied(ReplicaStatus.LastApplied applied) {
    ObjectNode body = object();
    body.put("sourceMetadataLocation", applied.sourceMetadataLocation());
    body.put("replicaMetadataLocation", applied.replicaMetadataLocation());
    if (applied.snapshotId().isPresent()) {
      body.put("snapshotId", applied.snapshotId().getAsLong());
    } else {
      body.putNull("snapshotId");
    }
    return body.put("position", applied.position()).put("at", applied.at().toString());
  }

  private static ObjectNode receipt(ReplicaStatus.LastReceipt receipt) {
    return object()
        .put("id", receipt.id())
        .put("position", receipt.position())
        .put("files", receipt.files())
        .put("bytes", receipt.bytes())
        .put("seconds", seconds(Duration.between(receipt.startedAt(), receipt.publishedAt())))
        .put("lagSeconds", seconds(Duration.between(receipt.committedAt(), receipt.publishedAt())))
        .put("committedAt", receipt.committedAt().toString())
        .put("startedAt", receipt.startedAt().toString())
        .put("publishedAt", receipt.publishedAt().toString());
  }

  private static ObjectNode progress(ReplicaProgress progress) {
    ObjectNode body =
        object()
            .put("position", progress.position())
            .put("startedAt", progress.startedAt().toString())
            .put("updatedAt", progress.updatedAt().toString())
            .put("snapshotsDone", progress.snapshotsDone())
            .put("snapshotsTotal", progress.snapshotsTotal());
    body.put("filesDone", progress.filesDone()).set("filesTotal", number(progress.filesTotal()));
    body.put("bytesDone", progress.bytesDone()).set("bytesTotal", number(progress.bytesTotal()));
    return body.put("bytesPerSecond", Math.round(progress.bytesPerSecond()))
        .put("estimatedEnd", instant(progress.estimatedEnd()));
  }

  private static JsonNode number(OptionalLong value) {
    return value.isPresent()
        ? JsonNodeFactory.instance.numberNode(value.getAsLong())
        : JsonNodeFactory.instance.nullNode();
  }

  private static ObjectNode error(ReplicaFailure failure) {
    return object()
        .put("code", failure.code())
        .put("message", failure.message())
        .put("file", failure.file().orElse(null))
        .put("since", failure.since().toString())
        .put("whatToDo", ErrorCode.ofWord(failure.code()).whatToDo());
  }
}
