package io.twinberg.replicator.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.replicator.metadata.RecentVersions.Logged;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RecentVersionsTest {
  private static final long TABLE = 7;
  private static final String METADATA =
      """
      {"format-version": 2, "table-uuid": "9c12d441-03fe-4693-9a96-a0705ddf69c1",
       "location": "s3://lake/t", "last-sequence-number": %d, "last-updated-ms": 1}
      """;

  private static Logged version(int number) {
    byte[] metadata = METADATA.formatted(number).getBytes(StandardCharsets.UTF_8);
    return new Logged(metadata, MetadataFacts.of(metadata));
  }

  @Test
  void find_newestOfALongChain_isThereHoweverOftenOthersWereAskedFor() {
    RecentVersions recent = new RecentVersions(20L * version(1).metadata().length);
    for (int number = 1; number <= 1_000; number++) {
      Logged logged = version(number);
      recent.logged(TABLE, "s3://lake/t/" + number, logged);

      for (int times = 0; times < 5; times++) {
        assertThat(recent.find(TABLE, "s3://lake/t/" + number)).contains(logged);
      }
    }
  }

  @Test
  void find_versionOfAnotherTableOrLongAgo_isEmpty() {
    RecentVersions recent = new RecentVersions(1 << 20);
    for (int number = 1; number <= 9; number++) {
      recent.logged(TABLE, "s3://lake/t/" + number, version(number));
    }

    assertThat(recent.find(TABLE, "s3://lake/t/1")).isEmpty();
    assertThat(recent.find(TABLE, "s3://lake/t/2")).isPresent();
    assertThat(recent.find(TABLE + 1, "s3://lake/t/9")).isEmpty();
  }
}
