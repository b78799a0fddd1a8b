package io.twinberg.replica;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How ledger entries that wait to be written stand in a column: a JSON array of them. */
final class LedgerEntriesColumn {
  private static final ObjectMapper JSON = new ObjectMapper();

  private LedgerEntriesColumn() {}

  static String of(List<LedgerEntry> entries) {
    ArrayNode array = JSON.createArrayNode();
    for (LedgerEntry entry : entries) {
      ObjectNode row = array.addObject();
      row.put("kind", entry.kind().name());
      row.put("source", entry.sourcePath()).put("target", entry.targetPath());
      row.put("length", entry.length());
      entry.paths().ifPresent(paths -> row.put("lower", paths.lower()).put("upper", paths.upper()));
    }
    return array.toString();
  }

  static List<LedgerEntry> parse(String column) {
    try {
      List<LedgerEntry> entries = new ArrayList<>();
      JSON.readTree(column).forEach(row -> entries.add(entry(row)));
      return entries;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not a column of ledger entries", e);
    }
  }

  private static LedgerEntry entry(JsonNode row) {
    return new LedgerEntry(
        LedgerEntry.Kind.valueOf(row.get("kind").textValue()),
        row.get("source").textValue(),
        row.get("target").textValue(),
        row.get("length").longValue(),
        Optional.ofNullable(row.get("lower"))
            .map(lower -> new PathRange(lower.textValue(), row.get("upper").textValue())));
  }
}
