package io.twinberg.log;

import static io.twinberg.testing.Samples.discover;
import static io.twinberg.testing.Samples.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.twinberg.testing.DatabaseContract;
import io.twinberg.testing.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SourceTablesTest extends DatabaseContract {
  private static final TableIdentifier ORDERS = name("orders");

  private SourceTable orders(String uuid, boolean restarted) {
    return tables.discover(SOURCE, "", ORDERS, uuid, "s3://lake/" + uuid, restarted);
  }

  private SourceTable read(SourceTable table) {
    return tables.find(table.id()).orElseThrow();
  }

  @Test
  void discover_newTable_isActiveAndDue() {
    SourceTable table = orders("u1", false);

    assertThat(table.source()).isEqualTo(SOURCE);
    assertThat(table.reference()).isEmpty();
    assertThat(table.name()).isEqualTo(ORDERS);
    assertThat(table.uuid()).isEqualTo("u1");
    assertThat(table.incarnation()).isEqualTo(1);
    assertThat(table.lifecycle()).isEqualTo(TableLifecycle.ACTIVE);
    assertThat(table.location()).isEqualTo("s3://lake/u1");
    assertThat(table.headPosition()).isEqualTo(OptionalLong.empty());
    assertThat(table.checkedAt()).isEmpty();
    assertThat(tables.find(table.id())).contains(table);
    assertThat(tables.active(SOURCE, "", ORDERS)).contains(table);
    assertThat(checks.due(SOURCE, 10)).containsExactly(table);
  }

  @Test
  void discover_sourceWithoutRow_isRefused() {
    assertThatIllegalStateException().isThrownBy(() -> discover(tables, "other", "orders"));
  }

  @Test
  void discover_knownTable_isThatTable() {
    SourceTable table = orders("u1", false);

    assertThat(orders("u1", false)).isEqualTo(table);
    assertThat(rows("source_table")).isEqualTo(1);
  }

  @Test
  void discover_otherUuidUnderTheName_supersedesTheOldTable() {
    SourceTable old = orders("u1", false);

    SourceTable recreated = orders("u2", false);

    assertThat(recreated.id()).isNotEqualTo(old.id());
    assertThat(recreated.incarnation()).isEqualTo(1);
    assertThat(read(old).lifecycle()).isEqualTo(TableLifecycle.SUPERSEDED);
    assertThat(tables.active(SOURCE)).containsExactly(recreated);
  }

  @Test
  void discover_restartedHistory_isAnotherIncarnationOfTheUuid() {
    SourceTable old = orders("u1", false);

    SourceTable restarted = orders("u1", true);

    assertThat(restarted.incarnation()).isEqualTo(2);
    assertThat(read(old).lifecycle()).isEqualTo(TableLifecycle.ENDED);
    assertThat(tables.active(SOURCE)).containsExactly(restarted);
  }

  @Test
  void discover_otherReference_isAnotherTable() {
    SourceTable main = orders("u1", false);

    SourceTable branch = tables.discover(SOURCE, "branch", ORDERS, "u1", "s3://lake/u1", false);

    assertThat(tables.active(SOURCE)).containsExactly(main, branch);
    assertThat(tables.active(SOURCE, "branch", ORDERS)).contains(branch);
  }

  @Test
  void discover_droppedTableThatIsBack_isAnotherIncarnation() {
    SourceTable old = orders("u1", false);
    tables.dropped(old.id());

    SourceTable back = orders("u1", false);

    assertThat(back.incarnation()).isEqualTo(2);
    assertThat(read(old).lifecycle()).isEqualTo(TableLifecycle.DROPPED);
  }

  @Test
  void dropped_activeTable_isNoLongerActiveOrDue() {
    SourceTable table = orders("u1", false);

    tables.dropped(table.id());

    assertThat(read(table).lifecycle()).isEqualTo(TableLifecycle.DROPPED);
    assertThat(tables.active(SOURCE, "", ORDERS)).isEmpty();
    assertThat(checks.due(SOURCE, 10)).isEmpty();
  }

  @Test
  void latest_nameOfSeveralTables_isTheActiveOneOrElseTheLast() {
    SourceTable first = orders("u1", false);
    SourceTable moved = discover(tables, SOURCE, "moved");
    orders("u2", false);
    assertThat(tables.latest(SOURCE, "", name("nobody"))).isEmpty();

    tables.renamed(first.id(), ORDERS);
    assertThat(tables.latest(SOURCE, "", ORDERS)).map(SourceTable::id).contains(first.id());

    tables.renamed(moved.id(), ORDERS);
    tables.dropped(moved.id());
    assertThat(tables.latest(SOURCE, "", ORDERS).orElseThrow().lifecycle())
        .isIn(TableLifecycle.DROPPED, TableLifecycle.SUPERSEDED);
  }

  @Test
  void dropped_supersededTable_staysSuperseded() {
    SourceTable old = orders("u1", false);
    orders("u2", false);

    tables.dropped(old.id());

    assertThat(read(old).lifecycle()).isEqualTo(TableLifecycle.SUPERSEDED);
  }

  @Test
  void renamed_table_staysTheTable() {
    SourceTable table = orders("u1", false);

    tables.renamed(table.id(), TableIdentifier.of("other", "purchases"));

    assertThat(tables.active(SOURCE, "", ORDERS)).isEmpty();
    assertThat(tables.active(SOURCE, "", TableIdentifier.of("other", "purchases")))
        .map(SourceTable::id)
        .contains(table.id());
  }

  @Test
  void renamed_nameThatTheLogStillHasElsewhere_supersedesTheOther() {
    SourceTable stale = discover(tables, SOURCE, "purchases");
    SourceTable table = orders("u1", false);

    tables.renamed(table.id(), name("purchases"));

    assertThat(read(stale).lifecycle()).isEqualTo(TableLifecycle.SUPERSEDED);
    assertThat(tables.active(SOURCE, "", name("purchases")))
        .map(SourceTable::id)
        .contains(table.id());
  }

  @Test
  void renamed_toItsOwnName_onlyAsksForALook() {
    SourceTable table = orders("u1", false);

    tables.renamed(table.id(), ORDERS);

    assertThat(read(table))
        .usingRecursiveComparison()
        .ignoringFields("looksAsked")
        .isEqualTo(table);
    assertThat(read(table).owesALook()).isTrue();
  }

  /** Whoever renamed it may die before its replicas follow. */
  @Test
  void renamed_tableThatWasLookedAtLately_isDueUntilSomebodyLooksAgain() {
    SourceTable table = orders("u1", false);
    TableCheck before = check(table);
    checks.checked(List.of(before));
    assertThat(checks.due(SOURCE, 10)).isEmpty();

    tables.renamed(table.id(), name("purchases"));

    assertThat(checks.due(SOURCE, 10)).extracting(SourceTable::id).containsExactly(table.id());
    checks.checked(List.of(before));
    assertThat(checks.due(SOURCE, 10)).as("a check that is written late").hasSize(1);
    checks.checked(List.of(check(read(table))));
    assertThat(checks.due(SOURCE, 10)).isEmpty();
  }

  private TableCheck check(SourceTable table) {
    return new TableCheck(
        table.id(), table.looksAsked(), clock.instant(), false, Duration.ofMinutes(15));
  }

  @Test
  void active_clockBehindTheDiscoverers_stillShowsTheTable() {
    SourceTable table = orders("u1", false);

    clock.step(Duration.ofHours(-1));

    assertThat(tables.active(SOURCE)).containsExactly(table);
  }

  static Stream<TableIdentifier> oddNames() {
    return Stream.of(
        TableIdentifier.of(Namespace.empty(), "no namespace"),
        TableIdentifier.of("a.b", "c.d"),
        TableIdentifier.of(Namespace.of("a", "b"), "c.d"),
        TableIdentifier.of(Namespace.of("it's", "\"q\"", "`b`", "\\"), "'; drop table intent; --"),
        TableIdentifier.of(Namespace.of("ünï", "表", "🎉"), "e\u0301 \u202e 🏔️"),
        TableIdentifier.of(Namespace.of("a\u001fb", "\n\t"), "%_?:name"),
        TableIdentifier.of(OddNames.ascii("n", 900), OddNames.ascii("t", 900)),
        TableIdentifier.of("n", OddNames.han(900)));
  }

  @ParameterizedTest
  @MethodSource("oddNames")
  void discover_oddName_isFoundUnderThatNameAlone(TableIdentifier name) {
    SourceTable table = discover(tables, SOURCE, name);
    discover(tables, SOURCE, "other");

    assertThat(table.name()).isEqualTo(name);
    assertThat(tables.active(SOURCE, "", name)).contains(table);
    assertThat(tables.active(SOURCE, "", name(name.name() + "x"))).isEmpty();
  }

  @Test
  void discover_namesThatDifferInCaseOrLevels_areApart() {
    discover(tables, SOURCE, TableIdentifier.of("a.b", "c"));
    discover(tables, SOURCE, TableIdentifier.of(Namespace.of("a", "b"), "c"));
    discover(tables, SOURCE, TableIdentifier.of(Namespace.of("a", "b"), "C"));
    discover(tables, SOURCE, TableIdentifier.of(Namespace.of("a", "b"), "c "));
    discover(tables, SOURCE, TableIdentifier.of(Namespace.of("a", "b"), "ç"));

    assertThat(tables.active(SOURCE)).hasSize(5);
  }

  @Test
  void view_andTableOfOneName_areApart() {
    SourceTable table = orders("u1", false);
    SourceTable view =
        tables.discover(EntryKind.VIEW, SOURCE, "", ORDERS, "v1", "s3://lake/v1", false);

    assertThat(view.kind()).isEqualTo(EntryKind.VIEW);
    assertThat(tables.active(SOURCE, "", ORDERS)).contains(table);
    assertThat(tables.active(EntryKind.VIEW, SOURCE, "", ORDERS)).contains(view);
    assertThat(tables.withUuid(EntryKind.TABLE, SOURCE, "", "v1")).isEmpty();
    tables.renamed(view.id(), name("moved"));
    assertThat(read(table).lifecycle()).isEqualTo(TableLifecycle.ACTIVE);
  }

  @Test
  void activeNames_ofTablesAndViews_areApartByKind() {
    SourceTable table = orders("u1", false);
    SourceTable other = discover(tables, SOURCE, TableIdentifier.of(Namespace.of("a", "b"), "c"));
    tables.discover(EntryKind.VIEW, SOURCE, "", ORDERS, "v1", "s3://lake/v1", false);
    tables.dropped(discover(tables, SOURCE, "dropped").id());

    assertThat(tables.activeNames(SOURCE, ""))
        .isEqualTo(
            Map.of(
                EntryKind.TABLE,
                Set.of(table.name(), other.name()),
                EntryKind.VIEW,
                Set.of(ORDERS)));
    assertThat(tables.activeNames(SOURCE, "another"))
        .isEqualTo(Map.of(EntryKind.TABLE, Set.of(), EntryKind.VIEW, Set.of()));
  }

  @Test
  void headLocation_isThatOfTheNewestVersion() {
    SourceTable table = orders("u1", false);
    assertThat(tables.headLocation(table)).isEmpty();

    long head = versions.append(Samples.append(table, OptionalLong.empty(), 1));
    versions.append(Samples.append(table, OptionalLong.of(head), 2));

    // Also by a row that was read before.
    assertThat(tables.headLocation(table)).contains(Samples.location(table, 2));
  }

  @Test
  void headLocation_ofATableThatHasLeftItsName_isEmpty() {
    SourceTable renamed = orders("u1", false);
    versions.append(Samples.append(renamed, OptionalLong.empty(), 1));
    SourceTable dropped = discover(tables, SOURCE, "dropped");
    versions.append(Samples.append(dropped, OptionalLong.empty(), 1));

    tables.renamed(renamed.id(), name("moved"));
    tables.dropped(dropped.id());

    assertThat(tables.headLocation(renamed)).isEmpty();
    assertThat(tables.headLocation(dropped)).isEmpty();
    assertThat(tables.headLocation(read(renamed))).contains(Samples.location(renamed, 1));
  }

  @Test
  void withUuid_severalNames_areNewestFirstWithoutEndedOnes() {
    SourceTable ended = orders("u1", false);
    SourceTable restarted = orders("u1", true);
    SourceTable twin = tables.discover(SOURCE, "", name("twin"), "u1", "s3://lake/u1", false);
    SourceTable aside = tables.discover(SOURCE, "", name("aside"), "u1", "s3://lake/u1", false);
    tables.discover(SOURCE, "", name("aside"), "u2", "s3://lake/u2", false);
    tables.dropped(twin.id());

    assertThat(tables.withUuid(EntryKind.TABLE, SOURCE, "", "u1"))
        .extracting(SourceTable::id)
        .containsExactly(aside.id(), twin.id(), restarted.id());
    assertThat(read(ended).lifecycle()).isEqualTo(TableLifecycle.ENDED);
  }
}
