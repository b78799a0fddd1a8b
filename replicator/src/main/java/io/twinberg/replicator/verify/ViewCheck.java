package io.twinberg.replicator.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.replicator.metadata.MetadataFiles;
import io.twinberg.replicator.verify.Violation.Kind;
import io.twinberg.source.MetadataJson;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.iceberg.view.ViewMetadataParser;

/** Checks a view, which is one file: its location is the replica's, all else the source's. */
final class ViewCheck {
  private static final Pattern PLACE =
      Pattern.compile("\\s*[a-z0-9]+:.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private final Subject subject;
  private final MetadataFiles files;
  private final Findings findings;

  ViewCheck(Subject subject, MetadataFiles files, Findings findings) {
    this.subject = subject;
    this.files = files;
    this.findings = findings;
  }

  void run() {
    String path = subject.metadataLocation();
    ObjectNode replica;
    try {
      replica = MetadataJson.parse(files.read(subject.store(), path));
      if (!ViewMetadataParser.fromJson(replica).location().equals(subject.folder())) {
        findings.violation(
            Kind.OUTSIDE_ROOT, path + " location", subject.folder(), replica.path("location"));
      }
    } catch (RuntimeException e) {
      if (Trouble.of(e) == Trouble.UNREACHABLE) {
        throw e;
      }
      findings.violation(Kind.METADATA_UNREADABLE, path, "view metadata", Trouble.line(e));
      return;
    }
    SourceSide source = new SourceSide(subject, files, findings);
    source.tree().ifPresent(original -> compare(original, replica));
  }

  private void compare(ObjectNode original, ObjectNode replica) {
    Set<String> fields = new TreeSet<>();
    original.fieldNames().forEachRemaining(fields::add);
    replica.fieldNames().forEachRemaining(fields::add);
    fields.removeAll(Set.of("location", "properties"));
    for (String field : fields) {
      if (!original.path(field).equals(replica.path(field))) {
        differs(field, original.path(field), replica.path(field));
      }
    }
    properties(original.path("properties"), replica.path("properties"));
  }

  /** Those that name places of the source are the replica's, or left out. */
  private void properties(JsonNode original, JsonNode replica) {
    Set<String> keys = new TreeSet<>();
    original.fieldNames().forEachRemaining(keys::add);
    replica.fieldNames().forEachRemaining(keys::add);
    for (String key : keys) {
      JsonNode there = original.path(key);
      JsonNode here = replica.path(key);
      if (!there.equals(here) && !ownPlace(here) && !leftOut(there, here)) {
        differs("properties " + key, there, here);
      }
    }
  }

  private boolean ownPlace(JsonNode value) {
    String text = value.asText();
    return text.equals(subject.folder()) || text.startsWith(subject.folder() + "/");
  }

  private static boolean leftOut(JsonNode original, JsonNode replica) {
    return replica.isMissingNode() && PLACE.matcher(original.asText()).matches();
  }

  private void differs(String field, JsonNode expected, JsonNode actual) {
    findings.violation(
        Kind.METADATA_DIFFERS, subject.metadataLocation() + " " + field, expected, actual);
  }
}
