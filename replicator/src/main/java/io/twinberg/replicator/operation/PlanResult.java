package io.twinberg.replicator.operation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.replica.Replica;
import io.twinberg.replicator.plan.CopyForecast.Volumes;
import io.twinberg.replicator.plan.Volume;
import io.twinberg.replicator.reconcile.Target;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * What a plan has counted, as JSON; used by one thread. All counts are whole, however many replicas
 * there are; those are listed that have most to copy.
 */
final class PlanResult {
  private static final int LISTED = 1000;
  private static final Comparator<Report> MOST_TO_COPY_FIRST =
      Comparator.comparing((Report report) -> report.volumes().missing().bytes())
          .reversed()
          .thenComparing(report -> report.planned().table().toString())
          .thenComparing(report -> report.planned().target().destination());

  private record Report(PlannedReplica planned, Volumes volumes) {}

  private record Place(String destination, TableIdentifier name) {
    @Override
    public String toString() {
      return name + " at destination " + destination;
    }
  }

  /** What there is at one destination, or at all of them. */
  private record Sum(long replicas, long begin, Volume all, Volume missing) {
    static final Sum NOTHING = new Sum(0, 0, Volume.NONE, Volume.NONE);

    static Sum of(PlannedReplica planned, Volumes volumes) {
      return new Sum(1, planned.replica().isEmpty() ? 1 : 0, volumes.all(), volumes.missing());
    }

    Sum plus(Sum other) {
      return new Sum(
          replicas + other.replicas,
          begin + other.begin,
          all.plus(other.all),
          missing.plus(other.missing));
    }

    ObjectNode into(ObjectNode json) {
      json.put("replicas", replicas).put("begin", begin);
      json.set("total", PlanResult.json(all));
      json.set("toCopy", PlanResult.json(missing));
      return json;
    }
  }

  private final Map<Place, TableIdentifier> places = new HashMap<>();
  private final Map<String, Sum> destinations = new TreeMap<>();
  private final List<Report> reports = new ArrayList<>();
  private final ArrayNode problems = JsonNodeFactory.instance.arrayNode();
  private final ArrayNode notes = JsonNodeFactory.instance.arrayNode();
  private long tables;
  private long problemCount;

  /** One more table was looked at. */
  void table() {
    tables++;
  }

  void note(String text) {
    notes.add(text);
  }

  /** Takes a name at a destination; says which table of this plan has it already. */
  Optional<String> take(PlannedReplica planned) {
    Place place = new Place(planned.target().destination(), planned.target().name());
    return Optional.ofNullable(places.putIfAbsent(place, planned.table()))
        .map(
            other ->
                "table %s would be %s, too; give one of them another name with namespace-mapping, or exclude it from its rule"
                    .formatted(other, place));
  }

  void planned(PlannedReplica planned, Volumes volumes) {
    destinations.merge(planned.target().destination(), Sum.of(planned, volumes), Sum::plus);
    reports.add(new Report(planned, volumes));
    if (reports.size() >= 2 * LISTED) {
      keepLargest();
    }
  }

  private void keepLargest() {
    reports.sort(MOST_TO_COPY_FIRST);
    reports.subList(Math.min(LISTED, reports.size()), reports.size()).clear();
  }

  /** A table that would have no replica. */
  void refused(
      TableIdentifier table, Target target, String code, String message, Optional<String> file) {
    problemCount++;
    if (problems.size() < LISTED) {
      ObjectNode json = problems.addObject();
      json.set("namespace", VerifyResult.levels(table));
      json.put("table", table.name())
          .put("destination", target.destination())
          .put("code", code)
          .put("message", message)
          .put("file", file.orElse(null));
    }
  }

  String summary() {
    Sum sum = sum();
    StringBuilder text =
        new StringBuilder(
            "%s to copy of %s in %s of %s"
                .formatted(
                    size(sum.missing()),
                    size(sum.all()),
                    VerifyResult.number(sum.replicas(), "replica"),
                    VerifyResult.number(tables, "table")));
    if (problemCount > 0) {
      text.append(", ")
          .append(VerifyResult.number(problemCount, "replica"))
          .append(" not possible");
    }
    if (!notes.isEmpty()) {
      text.append(", not all listed");
    }
    return text.toString();
  }

  private static String size(Volume volume) {
    return "%s (%,d bytes)".formatted(VerifyResult.number(volume.files(), "file"), volume.bytes());
  }

  private Sum sum() {
    return destinations.values().stream().reduce(Sum.NOTHING, Sum::plus);
  }

  ObjectNode json() {
    keepLargest();
    Sum sum = sum();
    ObjectNode json = VerifyWork.object();
    json.put("ok", problemCount == 0 && notes.isEmpty()).put("tables", tables);
    sum.into(json);
    ArrayNode at = json.putArray("destinations");
    destinations.forEach((name, one) -> one.into(at.addObject().put("destination", name)));
    ArrayNode listed = json.putArray("reports");
    reports.forEach(report -> listed.add(json(report)));
    json.put("reportsLeftOut", sum.replicas() - reports.size()).put("problemCount", problemCount);
    json.set("problems", problems);
    json.set("notes", notes);
    return json;
  }

  private static ObjectNode json(Report report) {
    PlannedReplica planned = report.planned();
    ObjectNode json = VerifyWork.object();
    json.set("namespace", VerifyResult.levels(planned.table()));
    json.put("table", planned.table().name())
        .put("destination", planned.target().destination())
        .put("replicaId", planned.replica().map(Replica::id).orElse(null));
    json.set("total", json(report.volumes().all()));
    json.set("toCopy", json(report.volumes().missing()));
    return json;
  }

  private static ObjectNode json(Volume volume) {
    return VerifyWork.object()
        .put("snapshots", volume.snapshots())
        .put("manifests", volume.manifests())
        .put("dataFiles", volume.dataFiles())
        .put("deleteFiles", volume.deleteFiles())
        .put("statisticsFiles", volume.statisticsFiles())
        .put("files", volume.files())
        .put("bytes", volume.bytes());
  }
}
