package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoints;
import io.twinberg.log.IntentKind;
import io.twinberg.replica.Adoption;
import io.twinberg.replica.MirroredNamespaces;
import io.twinberg.replicator.pointer.Recovery;
import io.twinberg.replicator.reconcile.NamespaceTarget;
import io.twinberg.replicator.reconcile.Target;
import io.twinberg.replicator.reconcile.Targets;
import io.twinberg.source.CatalogSourceReader;
import io.twinberg.source.LoadResult;
import io.twinberg.storage.StoreException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source's namespaces, with their properties, at a destination and in its bucket. */
class NamespacesTest {
  private static final Namespace SALES = Namespace.of("sales");
  private static final Namespace DEEP = Namespace.of("sales", "e u");
  private static final Namespace SECRET = Namespace.of("secret");

  @TempDir Path folder;
  private TestingLake lake;
  private FaultyReader reader;
  private Intents intents;

  @BeforeEach
  void open() {
    lake = new TestingLake(folder);
    reader = new FaultyReader(CatalogSourceReader.of(lake.catalog()));
    lake.reader(reader);
    intents = new Intents(lake);
    lake.targets(
        new Targets() {
          @Override
          public List<Target> of(String source, TableIdentifier name) {
            return List.of(new Target("eu", lake.root(), name));
          }

          @Override
          public List<NamespaceTarget> ofNamespace(String source, Namespace namespace) {
            return namespace.equals(SECRET)
                ? List.of()
                : List.of(new NamespaceTarget("eu", lake.root(), namespace));
          }
        });
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private MirroredNamespaces mirrored() {
    return new MirroredNamespaces(lake.database(), Clock.systemUTC());
  }

  private void awaitPointers() {
    TestingLake.await(
        () ->
            lake.count(
                    "select count(*) from mirrored_namespace where pointer_generation < generation")
                == 0);
  }

  private void committed(Replicator replicator, IntentKind kind, Namespace namespace) {
    long id = intents.open(kind, List.of(TableIdentifier.of(namespace.levels())), "{}");
    intents.committed(id);
    replicator.settled("main");
    intents.awaitState(id, "LOGGED");
  }

  @Test
  void namespaces_foundByASweep_standWithTheirProperties_emptyOnesToo() {
    lake.catalog().createNamespace(DEEP, Map.of("owner", "jo", "bucket", "s3://lake/eu"));
    lake.catalog().createNamespace(SECRET, Map.of());
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      TestingLake.await(() -> mirrored().at("eu").containsAll(List.of(SALES, DEEP)));
    }
    assertThat(mirrored().at("eu")).containsExactlyInAnyOrder(SALES, DEEP);
    assertThat(mirrored().properties("eu", DEEP))
        .containsEntry("owner", "jo")
        .doesNotContainKey("bucket")
        .containsEntry("location", lake.root() + "/sales/e%20u");
  }

  @Test
  void changes_throughTheProxy_followInOrder() {
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.catalog().createNamespace(DEEP, Map.of("owner", "jo"));
      committed(replicator, IntentKind.CREATE_NAMESPACE, DEEP);
      assertThat(mirrored().properties("eu", DEEP)).containsEntry("owner", "jo");
      lake.catalog().setProperties(DEEP, Map.of("owner", "mo", "tier", "1"));
      committed(replicator, IntentKind.UPDATE_NAMESPACE, DEEP);
      assertThat(mirrored().properties("eu", DEEP)).containsEntry("owner", "mo");
      lake.catalog().removeProperties(DEEP, Set.of("tier"));
      committed(replicator, IntentKind.UPDATE_NAMESPACE, DEEP);
      assertThat(mirrored().properties("eu", DEEP)).doesNotContainKey("tier");
      lake.catalog().dropNamespace(DEEP);
      committed(replicator, IntentKind.DROP_NAMESPACE, DEEP);
      assertThat(mirrored().at("eu")).doesNotContain(DEEP);
      lake.catalog().createNamespace(DEEP, Map.of("again", "yes"));
      committed(replicator, IntentKind.CREATE_NAMESPACE, DEEP);
      assertThat(mirrored().properties("eu", DEEP))
          .containsEntry("again", "yes")
          .doesNotContainKey("owner");
    }
    assertThat(lake.count("select count(*) from mirrored_namespace where namespace like '%e u%'"))
        .isEqualTo(1);
  }

  @Test
  void drop_bypassingTheProxy_isNoticedByACompleteListingOnly() {
    lake.catalog().createNamespace(DEEP, Map.of());
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      TestingLake.await(() -> mirrored().at("eu").contains(DEEP));
      reader.failListings(new LoadResult.Denied(403, "not for you"));
      lake.catalog().dropNamespace(DEEP);
      long id =
          intents.open(
              IntentKind.UPDATE_NAMESPACE, List.of(TableIdentifier.of("sales", "e u")), "{}");
      intents.committed(id);
      replicator.settled("main");
      TestingLake.await(() -> lake.count("select checks from intent") > 0);
      assertThat(mirrored().at("eu")).contains(DEEP);
      reader.listAgain();
      replicator.demand("main");
      TestingLake.await(() -> !mirrored().at("eu").contains(DEEP));
    }
  }

  @Test
  void pointerObjects_destinationAway_areWrittenWhenItIsBack() {
    HookedStore store = new HookedStore(lake.store());
    lake.stores(lake.store(), store);
    store.hook(
        call -> {
          throw new StoreException(StoreException.Kind.UNAVAILABLE, call.location(), "away");
        });
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      TestingLake.await(
          () -> lake.count("select count(*) from mirrored_namespace where attempts > 0") > 0);
      assertThat(mirrored().at("eu")).contains(SALES);
      store.hook(call -> {});
      awaitPointers();
    }
  }

  @Test
  void recover_bringsNamespacesBack_butNotDroppedOnes() {
    lake.catalog().createNamespace(DEEP, Map.of("owner", "jo"));
    lake.catalog().createNamespace(Namespace.of("gone"), Map.of());
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      TestingLake.await(() -> mirrored().at("eu").size() == 3);
      awaitPointers();
      lake.catalog().dropNamespace(Namespace.of("gone"));
      committed(replicator, IntentKind.DROP_NAMESPACE, Namespace.of("gone"));
      awaitPointers();
    }
    Map<String, String> before = mirrored().properties("eu", DEEP);
    lake.loseDatabase();

    Recovery recovery = new Recovery(new Adoption(lake.database(), Clock.systemUTC()), mirrored());
    Recovery.Report report = recovery.recover("eu", lake.root(), lake.store());

    assertThat(report.namespaces()).isEqualTo(3);
    assertThat(mirrored().at("eu")).containsExactlyInAnyOrder(SALES, DEEP);
    assertThat(mirrored().properties("eu", DEEP)).isEqualTo(before).containsEntry("owner", "jo");
    assertThat(mirrored().waiting(10)).isEmpty();
    assertThat(recovery.recover("eu", lake.root(), lake.store()).namespaces()).isZero();
  }
}
