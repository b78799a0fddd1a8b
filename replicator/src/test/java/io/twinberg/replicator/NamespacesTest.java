package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.log.IntentKind;
import io.twinberg.replica.MirroredNamespaces;
import io.twinberg.source.LoadResult;
import io.twinberg.storage.StoreException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A source's namespaces, with their properties, at a destination and in its bucket. */
class NamespacesTest extends SharedLake {
  private Namespace deep;
  private Namespace secret;

  @BeforeEach
  void nameNamespaces() {
    deep = Namespace.of(space.level(0), "e u");
    secret = Namespace.of(space.level(0), "secret");
    unruled.add(secret);
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

  private void committed(IntentKind kind, Namespace namespace) {
    long id = intents.open(kind, List.of(TableIdentifier.of(namespace.levels())), "{}");
    intents.committed(id);
    replicator.settled("main");
    intents.awaitState(id, "LOGGED");
  }

  @Test
  void namespaces_foundByASweep_standWithTheirProperties_emptyOnesToo() {
    lake.catalog().createNamespace(deep, Map.of("owner", "jo", "bucket", "s3://lake/eu"));
    lake.catalog().createNamespace(secret, Map.of());
    replicator.demand("main");
    TestingLake.await(() -> mirrored().at("eu").containsAll(List.of(space, deep)));
    assertThat(mirrored().at("eu")).doesNotContain(secret);
    assertThat(mirrored().properties("eu", deep))
        .containsEntry("owner", "jo")
        .doesNotContainKey("bucket")
        .containsEntry("location", lake.root() + "/" + space + "/e%20u");
  }

  @Test
  void changes_throughTheProxy_followInOrder() {
    lake.catalog().createNamespace(deep, Map.of("owner", "jo"));
    committed(IntentKind.CREATE_NAMESPACE, deep);
    assertThat(mirrored().properties("eu", deep)).containsEntry("owner", "jo");
    lake.catalog().setProperties(deep, Map.of("owner", "mo", "tier", "1"));
    committed(IntentKind.UPDATE_NAMESPACE, deep);
    assertThat(mirrored().properties("eu", deep)).containsEntry("owner", "mo");
    lake.catalog().removeProperties(deep, Set.of("tier"));
    committed(IntentKind.UPDATE_NAMESPACE, deep);
    assertThat(mirrored().properties("eu", deep)).doesNotContainKey("tier");
    lake.catalog().dropNamespace(deep);
    committed(IntentKind.DROP_NAMESPACE, deep);
    assertThat(mirrored().at("eu")).doesNotContain(deep);
    lake.catalog().createNamespace(deep, Map.of("again", "yes"));
    committed(IntentKind.CREATE_NAMESPACE, deep);
    assertThat(mirrored().properties("eu", deep))
        .containsEntry("again", "yes")
        .doesNotContainKey("owner");
    assertThat(
            lake.count(
                "select count(*) from mirrored_namespace where namespace = '[\"%s\",\"e u\"]'"
                    .formatted(space)))
        .isEqualTo(1);
  }

  @Test
  void drop_bypassingTheProxy_isNoticedByACompleteListingOnly() {
    lake.catalog().createNamespace(deep, Map.of());
    replicator.demand("main");
    TestingLake.await(() -> mirrored().at("eu").contains(deep));
    reader.failListings(new LoadResult.Denied(403, "not for you"));
    lake.catalog().dropNamespace(deep);
    long id =
        intents.open(IntentKind.UPDATE_NAMESPACE, List.of(TableIdentifier.of(deep.levels())), "{}");
    intents.committed(id);
    replicator.settled("main");
    TestingLake.await(() -> lake.count("select checks from intent where id = " + id) > 0);
    assertThat(mirrored().at("eu")).contains(deep);
    reader.heal();
    replicator.demand("main");
    TestingLake.await(() -> !mirrored().at("eu").contains(deep));
  }

  @Test
  void pointerObjects_destinationAway_areWrittenWhenItIsBack() {
    destination.hook(
        call -> {
          throw new StoreException(StoreException.Kind.UNAVAILABLE, call.location(), "away");
        });
    lake.catalog().createNamespace(deep, Map.of());
    replicator.demand("main");
    TestingLake.await(() -> mirrored().at("eu").contains(deep));
    TestingLake.await(
        () -> lake.count("select count(*) from mirrored_namespace where attempts > 0") > 0);
    destination.hook(call -> {});
    awaitPointers();
  }
}
