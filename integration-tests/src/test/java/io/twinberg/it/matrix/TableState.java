package io.twinberg.it.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import io.twinberg.it.RestReads;
import io.twinberg.it.TableHistory;
import java.net.http.HttpResponse;
import java.util.Optional;

/** What a catalog shows of a table. */
record TableState(int format, Optional<Long> current, TableHistory history) {
  private static final int FIRST_WITH_ROW_IDS = 3;

  /** The state in an answer to a load, empty where there is no table. */
  static Optional<TableState> of(HttpResponse<String> answer) {
    if (answer.statusCode() != 200) {
      return Optional.empty();
    }
    JsonNode metadata = RestReads.parse(answer.body()).get("metadata");
    return Optional.of(
        new TableState(
            metadata.get("format-version").intValue(),
            Optional.of(metadata.path("current-snapshot-id").asLong(-1)).filter(id -> id >= 0),
            TableHistory.of(metadata)));
  }

  /** Whether a replica shows all of it; it may know more snapshots, which the source expired. */
  boolean isShownBy(TableState replica) {
    return format == replica.format
        && current.equals(replica.current)
        && history.uuid().equals(replica.history.uuid())
        && history.lastUpdatedMillis() == replica.history.lastUpdatedMillis()
        && history.lastSequenceNumber() == replica.history.lastSequenceNumber()
        && history.refs().equals(replica.history.refs())
        && replica.history.snapshots().containsAll(history.snapshots());
  }

  /** What to select so that the ids of the rows are compared, too. */
  String columns() {
    return format < FIRST_WITH_ROW_IDS ? "*" : "_row_id, _last_updated_sequence_number, *";
  }
}
