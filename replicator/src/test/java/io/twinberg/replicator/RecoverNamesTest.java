package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.log.EntryKind;
import io.twinberg.replica.Adoption;
import io.twinberg.replica.MirroredNamespaces;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaLifecycle;
import io.twinberg.replicator.pointer.Recovery;
import java.time.Clock;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;

/** What a bucket alone tells about names, views, namespaces and what became of tables. */
class RecoverNamesTest extends SharedLake {
  @Test
  void recover_bringsViewsNamespacesAndLifecyclesBack() {
    TableIdentifier orders = name("orders");
    TableIdentifier totals = name("totals");
    TableIdentifier gone = name("gone");
    Namespace kept = Namespace.of(space.level(0), "kept");
    Namespace dropped = Namespace.of(space.level(0), "dropped");
    lake.catalog().createNamespace(kept, Map.of("owner", "jo"));
    lake.catalog().createNamespace(dropped, Map.of());
    final Replica putBack = putBack(orders);
    createView(totals);
    createView(gone);
    await(totals);
    await(gone);
    TestingLake.await(() -> mirrored().at("eu").contains(dropped));
    lake.catalog().dropView(gone);
    lake.catalog().dropNamespace(dropped);
    replicator.demand("main");
    TestingLake.await(() -> lake.replica(gone).lifecycle() == ReplicaLifecycle.SOURCE_DROPPED);
    TestingLake.await(() -> !mirrored().at("eu").contains(dropped));
    awaitPointers();
    final Replica view = lake.replica(totals);
    final Replica table = lake.replica(orders);
    final Map<String, String> properties = mirrored().properties("eu", kept);
    replicator.close();
    lake.loseDatabase();

    Recovery.Report report = recover();

    assertThat(report.adopted()).hasSize(4);
    assertThat(lake.replica(totals).kind()).isEqualTo(EntryKind.VIEW);
    assertThat(lake.replica(totals).metadataLocation()).isEqualTo(view.metadataLocation());
    assertThat(lake.replica(gone).lifecycle()).isEqualTo(ReplicaLifecycle.SOURCE_DROPPED);
    assertThat(lake.replica(orders).id()).isEqualTo(table.id());
    assertThat(now(putBack).lifecycle()).isEqualTo(ReplicaLifecycle.ARCHIVED);
    assertThat(lake.strings("select lifecycle from source_table where kind = 'TABLE'"))
        .containsExactlyInAnyOrder("ENDED", "ACTIVE");
    assertThat(mirrored().at("eu")).contains(space, kept).doesNotContain(dropped);
    assertThat(mirrored().properties("eu", kept))
        .isEqualTo(properties)
        .containsEntry("owner", "jo");
    assertThat(mirrored().waiting(10)).isEmpty();
    assertThat(recover()).isEqualTo(new Recovery.Report(java.util.List.of(), 4, 0));
  }

  /** A table whose catalog was put back, so that one folder is archived and another goes on. */
  private Replica putBack(TableIdentifier name) {
    Table table = lake.create(name, "2", Map.of());
    lake.append(table, "a");
    String earlier = TestingLake.current(table).metadataFileLocation();
    lake.append(table, "b");
    lake.sync(replicator, table);
    Replica before = lake.replica(name);
    unseen(
        () -> {
          lake.catalog().dropTable(name, false);
          lake.append(lake.catalog().registerTable(name, earlier), "c");
        });
    awaitLifecycle(before, ReplicaLifecycle.ARCHIVED);
    lake.sync(replicator, lake.catalog().loadTable(name));
    return before;
  }

  private void createView(TableIdentifier name) {
    lake.catalog()
        .buildView(name)
        .withSchema(TestingLake.SCHEMA)
        .withQuery("spark", "select 1")
        .withDefaultNamespace(space)
        .create();
  }

  private void await(TableIdentifier name) {
    replicator.demand("main");
    TestingLake.await(
        () -> lake.replicas().byName("eu", name).filter(r -> r.generation() > 0).isPresent());
  }

  private void awaitPointers() {
    TestingLake.await(
        () ->
            lake.count("select count(*) from replica where pointer_generation < generation")
                    + lake.count(
                        "select count(*) from mirrored_namespace where pointer_generation < generation")
                == 0);
  }

  private MirroredNamespaces mirrored() {
    return new MirroredNamespaces(lake.database(), Clock.systemUTC());
  }

  private Recovery.Report recover() {
    return new Recovery(new Adoption(lake.database(), Clock.systemUTC()), mirrored())
        .recover("eu", lake.root(), lake.store());
  }
}
