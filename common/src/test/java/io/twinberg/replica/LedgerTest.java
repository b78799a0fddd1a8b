package io.twinberg.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.twinberg.testing.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LedgerTest extends ReplicaContract {
  private String state(String sourcePath) {
    return one("select state from ledger where source_path = ?", String.class, sourcePath);
  }

  @Test
  void stage_entry_isFoundByItsSourcePathForThatReplicaOnly() {
    LedgerEntry entry = manifest("m ü%20.avro", 42);

    ledger.stage("r1", claim(), entry);

    assertThat(ledger.find("r1", List.of(entry.sourcePath(), "s3://lake/none")))
        .containsOnlyKeys(entry.sourcePath())
        .containsValue(entry);
    assertThat(state(entry.sourcePath())).isEqualTo("STAGED");
    assertThat(ledger.find("r2", List.of(entry.sourcePath()))).isEmpty();
    assertThat(ledger.find("r1", List.of())).isEmpty();
  }

  @Test
  void stage_deleteFilesOfAManifest_areFoundWithTheirPaths() {
    LedgerEntry positions =
        new LedgerEntry(
            LedgerEntry.Kind.DELETE_FILE,
            "s3://lake/d.parquet",
            "s3://replica/d-1-x.parquet",
            7,
            Optional.of(new PathRange("s3://replica/a", "s3://replica/ü")));
    LedgerEntry vectors =
        new LedgerEntry(
            LedgerEntry.Kind.DELETE_FILE, "s3://lake/v.puffin", "s3://replica/v-1-x.puffin", 8);

    ledger.stage("r1", claim(), List.of(positions, vectors, manifest("m", 1)));

    assertThat(ledger.find("r1", List.of("s3://lake/d.parquet", "s3://lake/v.puffin")))
        .containsEntry("s3://lake/d.parquet", positions)
        .containsEntry("s3://lake/v.puffin", vectors);
    assertThat(ledger.staged("r1")).hasSize(3).containsValue(positions);
  }

  @Test
  void stage_lostLease_recordsNothing() {
    Lease old = claim();
    expire(old.resource());
    claim();

    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(() -> ledger.stage("r1", old, manifest("m", 1)));

    assertThat(rows("ledger")).isZero();
  }

  @Test
  void stage_sameSourcePathAgain_replacesTheRow() {
    Lease first = claim();
    ledger.stage("r1", first, manifest("m", 1));
    leases.release(first);
    Lease second = claim();
    LedgerEntry again =
        new LedgerEntry(LedgerEntry.Kind.MANIFEST_LIST, "s3://lake/m", "s3://replica/other", 2);

    ledger.stage("r1", second, again);

    assertThat(ledger.find("r1", List.of("s3://lake/m"))).containsValue(again);
    assertThat(rows("ledger")).isEqualTo(1);
    assertThat(one("select token from ledger", Long.class)).isEqualTo(second.token());
  }

  @Test
  void find_moreThanABatch_findsAll() {
    List<LedgerEntry> entries =
        IntStream.range(0, 1203).mapToObj(i -> manifest("m" + i, i)).toList();
    Lease lease = claim();
    database
        .jdbi()
        .useTransaction(handle -> Ledger.write(handle, "r1", lease, entries, LedgerState.STAGED));

    assertThat(ledger.find("r1", entries.stream().map(LedgerEntry::sourcePath).toList()))
        .hasSize(1203)
        .containsValues(entries.toArray(LedgerEntry[]::new));
  }

  @Test
  void remove_someRows_areNotVouchedForAnyMore() {
    Lease lease = claim();
    ledger.stage("r1", lease, List.of(manifest("m", 1), manifest("n", 2)));

    ledger.remove("r1", lease, List.of("s3://lake/m", "s3://lake/none"));

    assertThat(ledger.find("r1", List.of("s3://lake/m", "s3://lake/n")))
        .containsOnlyKeys("s3://lake/n");
    List<LedgerEntry> left = new ArrayList<>();
    ledger.each("r1", left::add);
    assertThat(left).containsExactly(manifest("n", 2));
  }

  @Test
  void remove_lostLease_changesNothing() {
    Lease old = claim();
    ledger.stage("r1", old, manifest("m", 1));
    expire(old.resource());
    claim();

    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(() -> ledger.remove("r1", old, List.of("s3://lake/m")));

    assertThat(rows("ledger")).isEqualTo(1);
  }

  @Test
  void find_veryLongPath_isFound() {
    LedgerEntry entry = manifest("x".repeat(5000), 1);

    ledger.stage("r1", claim(), entry);

    assertThat(ledger.find("r1", List.of(entry.sourcePath()))).containsValue(entry);
  }

  @Test
  void stage_otherReplicaOfTheSamePath_hasARowOfItsOwn() {
    replicas.create(wanted("r2", Samples.discover(tables, SOURCE, "other"), Samples.name("other")));
    Lease second = leases.claim(Lease.ofReplica("r2"), "worker", LEASE).orElseThrow();

    ledger.stage("r1", claim(), manifest("m", 1));
    ledger.stage("r2", second, manifest("m", 1));

    assertThat(rows("ledger")).isEqualTo(2);
  }
}
