package io.twinberg.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressTextTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1|3|2|8|3000000000|9000000000|300000000|2026-03-01T10:00:52Z"
            + "|1 of 3 snapshots, 2 of 8 files, 3.0 GB of 9.0 GB, 300.0 MB/s, 42s left",
        "0|1|2|8|999|null|10|2026-03-01T10:05:00Z|2 of 8 files, 999 B, 10 B/s, 4m 50s left",
        "0|1|0|null|0|null|0|null|0 files, 0 B, 0 B/s",
        "0|1|1|1|1000|1000|999999|2026-03-01T10:00:10Z|1 of 1 files, 1.0 kB of 1.0 kB, 1000.0 kB/s, 0s left"
      })
  void progress_isToldInAFewWords(
      int snapshots,
      int snapshotsTotal,
      long files,
      String filesTotal,
      long bytes,
      String bytesTotal,
      long rate,
      String end,
      String words)
      throws JsonProcessingException {
    String json =
        """
        {"snapshotsDone": %d, "snapshotsTotal": %d, "filesDone": %d, "filesTotal": %s, "bytesDone": %d,
         "bytesTotal": %s, "bytesPerSecond": %d, "updatedAt": "2026-03-01T10:00:10Z", "estimatedEnd": %s}
        """
            .formatted(
                snapshots,
                snapshotsTotal,
                files,
                filesTotal,
                bytes,
                bytesTotal,
                rate,
                end.equals("null") ? end : '"' + end + '"');

    assertThat(ProgressText.of(new ObjectMapper().readTree(json))).isEqualTo(words);
  }
}
