package io.twinberg.replicator.prefetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.replicator.prefetch.FilesAhead.Ahead;
import java.io.IOException;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;

class FilesAheadTest {
  private static final TableIdentifier ORDERS = TableIdentifier.of("shop", "orders");
  private static final TableIdentifier OTHER = TableIdentifier.of("shop", "other");

  private final FilesAhead ahead = new FilesAhead();

  private boolean has(TableIdentifier table, String location) {
    return ahead.find(() -> table, location).isPresent();
  }

  @Test
  void expect_moreThanAreKept_letsTheOldestGo() {
    for (int i = 0; i < 1000; i++) {
      String location = "f" + i;
      ahead.expect(ORDERS, location).orElseThrow().bytes().complete(new byte[0]);
      // Asked for again and again: what counts is when a file came, not how often it was asked for.
      assertThat(has(ORDERS, location)).isTrue();
      assertThat(has(ORDERS, location)).isTrue();
    }

    assertThat(has(ORDERS, "f999")).isTrue();
    assertThat(has(ORDERS, "f968")).isTrue();
    assertThat(has(ORDERS, "f967")).isFalse();
  }

  @Test
  void expect_sameFileAgain_isReadOnceForATable() {
    assertThat(ahead.expect(ORDERS, "f")).isPresent();

    assertThat(ahead.expect(ORDERS, "f")).isEmpty();
    assertThat(ahead.expect(OTHER, "f")).isPresent();
    assertThat(has(ORDERS, "f")).isFalse();
    assertThat(has(OTHER, "f")).isTrue();
  }

  @Test
  void fail_fileThatHasArrived_keepsIt() {
    Ahead arrived = ahead.expect(ORDERS, "arrived").orElseThrow();
    Ahead broken = ahead.expect(ORDERS, "broken").orElseThrow();
    arrived.bytes().complete(new byte[] {1});

    ahead.fail("arrived", arrived, new IOException());
    ahead.fail("broken", broken, new IOException());

    assertThat(has(ORDERS, "arrived")).isTrue();
    assertThat(has(ORDERS, "broken")).isFalse();
    assertThat(broken.bytes()).isCompletedExceptionally();
  }
}
