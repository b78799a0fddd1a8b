package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoints;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaLifecycle;
import io.twinberg.replicator.pointer.Pointer;
import io.twinberg.replicator.pointer.PointerObjects;
import io.twinberg.replicator.reconcile.NamespaceTarget;
import io.twinberg.replicator.reconcile.Target;
import io.twinberg.replicator.reconcile.Targets;
import io.twinberg.source.CatalogSourceReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A suite that shares one lake and one running replicator; each test has a namespace of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SharedLake {
  /** Tables, and the namespaces, that no rule covers. */
  final Set<Object> unruled = ConcurrentHashMap.newKeySet();

  TestingLake lake;
  FaultyReader reader;
  HookedStore destination;
  Intents intents;
  Replicator replicator;
  Namespace space = Namespace.empty();
  private int tests;

  @BeforeAll
  void openLake(@TempDir Path folder) {
    lake = new TestingLake(folder);
    reader = new FaultyReader(CatalogSourceReader.of(lake.catalog()));
    destination = new HookedStore(lake.store());
    intents = new Intents(lake);
    lake.reader(reader);
    lake.stores(lake.store(), destination);
    lake.targets(rules());
    replicator = lake.replicator(CrashPoints.NONE);
  }

  private Targets rules() {
    return new Targets() {
      @Override
      public List<Target> of(String source, TableIdentifier name) {
        return unruled.contains(name) ? List.of() : List.of(new Target("eu", lake.root(), name));
      }

      @Override
      public List<NamespaceTarget> ofNamespace(String source, Namespace namespace) {
        return unruled.contains(namespace)
            ? List.of()
            : List.of(new NamespaceTarget("eu", lake.root(), namespace));
      }
    };
  }

  @AfterAll
  void closeLake() {
    replicator.close();
    lake.close();
  }

  @BeforeEach
  void createNamespace() {
    space = Namespace.of("n" + ++tests);
    lake.catalog().createNamespace(space);
  }

  @AfterEach
  void heal() {
    reader.heal();
    destination.hook(call -> {});
  }

  TableIdentifier name(String name) {
    return TableIdentifier.of(space, name);
  }

  /** Changes of the catalog that a sweep sees all at once. */
  void unseen(Runnable changes) {
    reader.silence();
    changes.run();
    reader.heal();
  }

  long replicas() {
    return lake.count("select count(*) from replica where namespace = '[\"" + space + "\"]'");
  }

  Replica now(Replica replica) {
    return lake.replicas().find(replica.id()).orElseThrow();
  }

  void awaitLifecycle(Replica replica, ReplicaLifecycle lifecycle) {
    replicator.demand("main");
    TestingLake.await(() -> now(replica).lifecycle() == lifecycle);
  }

  /** It has this name, its folder, and a pointer object that says so. */
  void assertMoved(Replica replica, TableIdentifier name) {
    assertThat(now(replica).name()).isEqualTo(name);
    assertThat(now(replica).folder()).isEqualTo(replica.folder());
    assertThat(now(replica).lifecycle()).isEqualTo(ReplicaLifecycle.ACTIVE);
    TestingLake.await(() -> now(replica).pointerGeneration() == now(replica).generation());
    assertThat(pointer(replica).name()).isEqualTo(name.name());
  }

  Pointer pointer(Replica replica) {
    return new PointerObjects(lake.store())
        .newest(lake.root()).stream()
            .filter(pointer -> pointer.replicaId().equals(replica.id()))
            .findFirst()
            .orElseThrow();
  }

  static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
