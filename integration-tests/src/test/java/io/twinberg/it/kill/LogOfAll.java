package io.twinberg.it.kill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.twinberg.it.RunningTwinberg;
import io.twinberg.it.Setup;
import io.twinberg.it.TableHistory;
import io.twinberg.it.Verification;
import java.time.Duration;
import java.util.List;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * What holds in the end, whatever became of processes and databases: nothing lost, nothing twice.
 */
final class LogOfAll {
  private static final Duration CAUGHT_UP = Duration.ofMinutes(3);

  private final RunningTwinberg twinberg;
  private final WhatClientsWereTold told;
  private final String namespace;

  LogOfAll(RunningTwinberg twinberg, WhatClientsWereTold told, String namespace) {
    this.twinberg = twinberg;
    this.told = told;
    this.namespace = namespace;
  }

  /** The replicas show what the source shows, and can be verified. */
  void assertReplicasEqual(List<String> tables) {
    for (String table : tables) {
      TableHistory source = twinberg.reads(Setup.SOURCE).history(namespace, table).orElseThrow();
      await(table)
          .atMost(CAUGHT_UP)
          .ignoreExceptions()
          .until(() -> newest(table).equals(source.refs()));
      Verification.assertClean(twinberg, namespace, table, "current");
    }
  }

  private Object newest(String table) {
    return twinberg.reads(Setup.DESTINATION).history(namespace, table).orElseThrow().refs();
  }

  /**
   * Each acknowledged commit is one version, no refused one is any, versions are in the order of
   * the source's chain, and no history broke off.
   */
  void assertLoggedOnce(List<String> tables) {
    LoggedVersions logged = logged();
    logged.assertHolds(told.acknowledged(), told.rejected());
    logged.assertOrdered();
    for (String table : tables) {
      logged.assertChainOf(TableIdentifier.of(namespace, table), twinberg.reads(Setup.SOURCE));
    }
    assertThat(twinberg.rows("gap")).isEmpty();
    assertThat(twinberg.rows("source_table")).as("histories").hasSameSizeAs(tables);
  }

  /** The same for a source that names no earlier metadata files. */
  void assertLoggedOnceOfAForgetfulSource() {
    LoggedVersions logged = logged();
    logged.assertHolds(told.acknowledged(), told.rejected());
    logged.assertOrdered();
  }

  private LoggedVersions logged() {
    return new LoggedVersions(
        twinberg
            .database()
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery(
                            "select %s from table_version join source_table on id = table_id order by position"
                                .formatted(LoggedVersions.COLUMNS))
                        .map(LoggedVersions.Version::of)
                        .list()));
  }

  /**
   * Each generation of a replica has one receipt, none goes back, and no version is applied twice:
   * who only expires snapshots writes a version again, but no file besides its metadata.
   */
  void assertAppliedOnce(List<String> tables) {
    assertThat(numbers("select count(*) from replica where lifecycle = 'ACTIVE'"))
        .containsExactly((long) tables.size());
    assertThat(
            numbers(
                """
                select r.generation - count(c.id) from replica r join receipt c on c.replica_id = r.id
                group by r.id, r.generation
                """))
        .hasSameSizeAs(tables)
        .containsOnly(0L);
    assertThat(
            numbers(
                """
                select count(*) from receipt a join receipt b
                  on a.replica_id = b.replica_id and a.generation < b.generation and a.position > b.position
                """))
        .as("receipts that go back")
        .containsExactly(0L);
    assertThat(
            numbers(
                """
                select count(*) from receipt where files > 1
                group by replica_id, position having count(*) > 1
                """))
        .as("versions applied twice")
        .isEmpty();
  }

  private List<Long> numbers(String sql) {
    return twinberg
        .database()
        .jdbi()
        .withHandle(handle -> handle.createQuery(sql).mapTo(Long.class).list());
  }
}
