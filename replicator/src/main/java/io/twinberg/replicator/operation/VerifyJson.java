package io.twinberg.replicator.operation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.replicator.verify.Checked;
import io.twinberg.replicator.verify.Subject;
import io.twinberg.replicator.verify.VerifyReport;

/** A verification's report as JSON. */
final class VerifyJson {
  /** Values of whole entries are long, and their beginning tells them apart. */
  private static final int LONGEST_VALUE = 500;

  private VerifyJson() {}

  /**
   * The report.
   *
   * @param most how many violations are listed at most
   */
  static ObjectNode of(VerifyReport report, int most) {
    Subject subject = report.subject();
    ObjectNode json = VerifyWork.object();
    json.put("replicaId", subject.replicaId())
        .put("source", subject.origin().source())
        .put("destination", subject.destination());
    json.set("namespace", VerifyResult.levels(subject.table()));
    json.put("table", subject.table().name())
        .put("position", subject.position())
        .put("metadataLocation", subject.metadataLocation())
        .put("sourceMetadataLocation", subject.sourceMetadataLocation())
        .put("ok", report.clean());
    ObjectNode counts = json.putObject("counts");
    for (Checked what : Checked.values()) {
      counts.put(what.word(), report.counts().getOrDefault(what, 0L));
    }
    json.put("violationCount", report.violationCount());
    violations(report, json.putArray("violations"), most);
    json.put("notComparedCount", report.notComparedCount());
    ArrayNode notCompared = json.putArray("notCompared");
    report
        .notCompared()
        .forEach(
            one -> notCompared.addObject().put("what", one.what()).put("reason", one.reason()));
    ArrayNode rows = json.putArray("rows");
    report
        .rows()
        .forEach(
            one ->
                rows.addObject()
                    .put("snapshotId", one.snapshotId())
                    .put("rows", one.rows())
                    .put("checksum", one.checksum()));
    ArrayNode notes = json.putArray("notes");
    report.notes().forEach(notes::add);
    return json;
  }

  private static void violations(VerifyReport report, ArrayNode array, int most) {
    report.violations().stream()
        .limit(Math.max(0, most))
        .forEach(
            one ->
                array
                    .addObject()
                    .put("kind", one.kind().word())
                    .put("path", one.path())
                    .put("expected", cut(one.expected()))
                    .put("actual", cut(one.actual())));
  }

  private static String cut(String value) {
    return value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE) + "…";
  }
}
