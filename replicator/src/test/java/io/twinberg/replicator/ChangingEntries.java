package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.config.RefSelection;
import io.twinberg.config.Retention;
import io.twinberg.config.RuleOverrides;
import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.operation.RowScope;
import io.twinberg.replica.MirroredNamespaces;
import io.twinberg.replica.ReplicaSettings;
import io.twinberg.replicator.reconcile.NamespaceTarget;
import io.twinberg.replicator.reconcile.Target;
import io.twinberg.replicator.reconcile.Targets;
import io.twinberg.replicator.verify.VerifiedLake;
import io.twinberg.testing.SteppedClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.view.BaseView;

/**
 * What a catalog has beside tables that only grow: names that go round, tables that come again
 * under a name, a view, the namespace's properties, and a table whose rule keeps ever fewer
 * snapshots. Each is there only if a crash point needs it.
 */
final class ChangingEntries implements Targets {
  private static final Namespace SALES = Namespace.of("sales");
  private static final TableIdentifier TOTALS = name("totals");
  private static final TableIdentifier FLEETING = name("fleeting");
  private static final Set<CrashPoint> OF_NAMES =
      EnumSet.of(CrashPoint.ENTRY_SUPERSEDED, CrashPoint.ENTRY_KNOWN, CrashPoint.REPLICA_FOLLOWS);
  private static final Set<CrashPoint> OF_VIEWS =
      EnumSet.of(CrashPoint.VIEW_WRITTEN, CrashPoint.VIEW_PUBLISHED);
  private static final Set<CrashPoint> OF_EXPIRY =
      EnumSet.of(CrashPoint.EXPIRY_WRITTEN, CrashPoint.SNAPSHOTS_EXPIRED);
  private static final Set<CrashPoint> OF_NAMESPACES =
      EnumSet.of(CrashPoint.NAMESPACE_MIRRORED, CrashPoint.NAMESPACE_POINTER_WRITTEN);

  private final TestingLake lake;
  private final SteppedClock clock;
  private final List<TableIdentifier> circle = new ArrayList<>();
  private final List<TableIdentifier> gone = new ArrayList<>();
  private final List<TableIdentifier> come = new ArrayList<>();
  private boolean view;
  private boolean fleeting;
  private String comment = "";
  private int changes;
  private final AtomicInteger kept = new AtomicInteger(4);

  ChangingEntries(TestingLake lake, SteppedClock clock) {
    this.lake = lake;
    this.clock = clock;
    lake.targets(this);
  }

  @Override
  public List<Target> of(String source, TableIdentifier table) {
    return List.of(new Target("eu", lake.root(), false, settings(table), table));
  }

  @Override
  public List<NamespaceTarget> ofNamespace(String source, Namespace namespace) {
    return List.of(new NamespaceTarget("eu", lake.root(), namespace));
  }

  private ReplicaSettings settings(TableIdentifier table) {
    return table.equals(FLEETING)
        ? new ReplicaSettings(
            Optional.of(new Retention.Bounded(Duration.ofHours(1), kept.get())),
            new RefSelection.All(),
            RuleOverrides.USUAL_PRIORITY)
        : ReplicaSettings.NONE;
  }

  private static TableIdentifier name(String name) {
    return TableIdentifier.of(SALES, name);
  }

  private Table create(TableIdentifier name) {
    Table table = lake.create(name, "2", Map.of());
    lake.append(table, "of-" + name.name());
    return table;
  }

  /** Makes what these points need, and has it replicated. */
  void begin(List<CrashPoint> points) {
    if (points.stream().anyMatch(OF_NAMES::contains)) {
      List.of(name("one"), name("two"), name("three")).forEach(name -> circle.add(made(name)));
    }
    if (points.contains(CrashPoint.REPLICA_ARCHIVED)) {
      List.of(name("gone1"), name("gone2")).forEach(name -> gone.add(made(name)));
    }
    if (points.stream().anyMatch(OF_EXPIRY::contains)) {
      Table table = create(FLEETING);
      List.of("b", "c", "d").forEach(file -> lake.append(table, file));
      fleeting = true;
    }
    if (points.stream().anyMatch(OF_VIEWS::contains)) {
      changeView();
    }
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      awaitDone(replicator);
      gone.forEach(name -> lake.catalog().dropTable(name, false));
      replicator.demand("main");
      gone.forEach(
          name ->
              TestingLake.await(
                  () -> lake.replica(name).lifecycle().name().equals("SOURCE_DROPPED")));
    }
  }

  private TableIdentifier made(TableIdentifier name) {
    create(name);
    return name;
  }

  /** Gives the next process something to do that passes a point; false if that is not ours. */
  boolean arrange(CrashPoint point) {
    changes++;
    if (OF_NAMES.contains(point)) {
      goRound();
    } else if (point == CrashPoint.REPLICA_ARCHIVED) {
      come.add(made(gone.remove(0)));
    } else if (point == CrashPoint.REPLICA_CREATED) {
      come.add(made(name("new" + changes)));
    } else if (OF_VIEWS.contains(point)) {
      changeView();
    } else if (OF_NAMESPACES.contains(point)) {
      comment = "comment " + changes;
      lake.catalog().setProperties(SALES, Map.of("comment", comment));
    } else if (OF_EXPIRY.contains(point)) {
      clock.step(Duration.ofHours(2));
      kept.decrementAndGet();
    } else {
      return false;
    }
    return true;
  }

  /** Round, and not to and fro: a second change does not take the first one back. */
  private void goRound() {
    TableIdentifier aside = name("aside");
    lake.catalog().renameTable(circle.get(2), aside);
    lake.catalog().renameTable(circle.get(1), circle.get(2));
    lake.catalog().renameTable(circle.get(0), circle.get(1));
    lake.catalog().renameTable(aside, circle.get(0));
  }

  private void changeView() {
    lake.catalog()
        .buildView(TOTALS)
        .withSchema(TestingLake.SCHEMA)
        .withQuery("spark", "select " + changes + ", sum(id) from orders")
        .withDefaultNamespace(SALES)
        .createOrReplace();
    view = true;
  }

  /** Waits until all of it is at the destination as it is at the source. */
  void awaitDone(Replicator replicator) {
    replicator.demand("main");
    tables().forEach(lake::awaitCurrent);
    TestingLake.await(this::viewIsShown);
    TestingLake.await(this::namespaceIsMirrored);
    TestingLake.await(this::snapshotsAreExpired);
  }

  /** All tables that are there now. */
  List<Table> tables() {
    List<TableIdentifier> names = new ArrayList<>(circle);
    names.addAll(come);
    gone.stream().filter(lake.catalog()::tableExists).forEach(names::add);
    if (fleeting) {
      names.add(FLEETING);
    }
    return names.stream().map(lake.catalog()::loadTable).toList();
  }

  private boolean viewIsShown() {
    return !view
        || lake.strings(
                """
                select c.source_metadata_location from replica r
                join receipt c on c.replica_id = r.id and c.generation = r.generation
                where r.name = 'totals' and r.pointer_generation = r.generation
                """)
            .contains(
                ((BaseView) lake.catalog().loadView(TOTALS))
                    .operations()
                    .current()
                    .metadataFileLocation());
  }

  private boolean namespaceIsMirrored() {
    return lake.count(
                "select count(*) from mirrored_namespace where pointer_generation = generation")
            == 1
        && (comment.isEmpty()
            || new MirroredNamespaces(lake.database(), clock)
                .properties("eu", SALES)
                .get("comment")
                .equals(comment));
  }

  private boolean snapshotsAreExpired() {
    return !fleeting || lake.published(FLEETING).snapshots().size() == kept.get();
  }

  /** What is at the destination in the end. */
  void assertDone() {
    for (Table table : tables()) {
      LogChecks.assertChain(lake, table);
      if (!TestingLake.name(table).equals(FLEETING)) {
        ReplicaChecks.assertEqual(lake, table, lake.published(TestingLake.name(table)));
      }
    }
    if (view) {
      assertThat(VerifiedLake.verify(VerifiedLake.subject(lake, TOTALS), RowScope.ALL).violations())
          .isEmpty();
    }
    assertThat(namespaceIsMirrored()).isTrue();
    assertThat(snapshotsAreExpired()).isTrue();
  }
}
