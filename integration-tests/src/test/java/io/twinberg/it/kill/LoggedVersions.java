package io.twinberg.it.kill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.twinberg.it.RestReads;
import io.twinberg.it.kill.WhatClientsWereTold.Commit;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jdbi.v3.core.statement.StatementContext;

/** The versions of a log in the order in which it shows them, wherever they are read from. */
final class LoggedVersions {
  /** The columns that a query has to bring, in the order of the log. */
  static final String COLUMNS = "name, position, predecessor, metadata_location, snapshot_id";

  /** One of them. */
  record Version(
      String table,
      long position,
      Optional<Long> predecessor,
      String location,
      Optional<Long> snapshot) {
    static Version of(ResultSet row, StatementContext context) throws SQLException {
      return new Version(
          row.getString("name"),
          row.getLong("position"),
          Optional.ofNullable(row.getObject("predecessor", Long.class)),
          row.getString("metadata_location"),
          Optional.ofNullable(row.getObject("snapshot_id", Long.class)));
    }
  }

  private final Map<String, List<Version>> byTable;
  private final List<Version> all;

  LoggedVersions(List<Version> all) {
    this.all = List.copyOf(all);
    this.byTable = all.stream().collect(Collectors.groupingBy(Version::table));
  }

  List<Version> all() {
    return all;
  }

  /** Positions rise, each version follows the one before it of its table, and none comes twice. */
  void assertOrdered() {
    assertThat(all).extracting(Version::position).doesNotHaveDuplicates().isSorted();
    assertThat(all).extracting(Version::location).doesNotHaveDuplicates();
    byTable.forEach(
        (table, versions) -> {
          for (int i = 1; i < versions.size(); i++) {
            assertThat(versions.get(i).predecessor())
                .as("predecessor of %s", versions.get(i))
                .contains(versions.get(i - 1).position());
          }
        });
  }

  /** A table's versions are those that its source names, in that order, as far back as it does. */
  void assertChainOf(TableIdentifier table, RestReads source) {
    String answer = source.load(table.namespace().toString(), table.name()).body();
    List<String> chain = chain(RestReads.parse(answer));
    List<String> logged = byTable.get(table.name()).stream().map(Version::location).toList();
    int both = Math.min(chain.size(), logged.size());
    assertThat(both).isPositive();
    assertThat(logged.subList(logged.size() - both, logged.size()))
        .as(table.toString())
        .isEqualTo(chain.subList(chain.size() - both, chain.size()));
  }

  private static List<String> chain(JsonNode answer) {
    List<String> chain = new ArrayList<>();
    answer
        .path("metadata")
        .path("metadata-log")
        .forEach(entry -> chain.add(entry.path("metadata-file").asText()));
    chain.add(answer.path("metadata-location").asText());
    return chain;
  }

  /** Each acknowledged commit came once, and no refused one ever. */
  void assertHolds(Collection<Commit> acknowledged, Collection<Commit> rejected) {
    Map<Commit, Integer> came = new HashMap<>();
    byTable.values().forEach(versions -> count(versions, came));
    assertThat(acknowledged).as("acknowledged").isNotEmpty();
    assertThat(acknowledged)
        .as("acknowledged and not once in the log")
        .allMatch(one -> came.getOrDefault(one, 0) == 1);
    assertThat(rejected).as("refused and in the log").noneMatch(came::containsKey);
  }

  /** A version with the snapshot of the one before it changes something else. */
  private static void count(List<Version> versions, Map<Commit, Integer> came) {
    Optional<Long> before = Optional.empty();
    for (Version version : versions) {
      if (!version.snapshot().equals(before)) {
        version
            .snapshot()
            .ifPresent(added -> came.merge(new Commit(version.table(), added), 1, Integer::sum));
      }
      before = version.snapshot();
    }
  }
}
