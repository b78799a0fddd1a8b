package io.twinberg.replicator.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoints;
import io.twinberg.log.VersionLog;
import io.twinberg.replica.Lease;
import io.twinberg.replica.Leases;
import io.twinberg.replica.Publisher;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.replicator.Replicator;
import io.twinberg.replicator.TestingLake;
import io.twinberg.storage.ForwardingStore;
import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.StoredObject;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BucketCheckTest {
  private static final TableIdentifier ONE = TableIdentifier.of("sales", "one");
  private static final TableIdentifier TWO = TableIdentifier.of("sales", "two");

  @TempDir Path folder;
  private TestingLake lake;
  private CountedStore store;

  private static final class CountedStore extends ForwardingStore {
    private int listings;

    CountedStore(ObjectStore store) {
      super(store);
    }

    @Override
    public List<StoredObject> list(String folder) {
      listings++;
      return super.list(folder);
    }
  }

  @BeforeEach
  void replicateTwo() {
    lake = new TestingLake(folder);
    store = new CountedStore(lake.store());
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      for (TableIdentifier name : List.of(ONE, TWO)) {
        Table table = lake.create(name, "2", Map.of());
        lake.append(table, "a");
        lake.sync(replicator, table);
      }
    }
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private BucketCheck check(int most) {
    Clock clock = Clock.systemUTC();
    return new BucketCheck(
        new VersionLog(lake.database(), clock),
        new Publisher(lake.database(), clock, ReplicaListener.NONE),
        most);
  }

  private void compare(BucketCheck check, TableIdentifier name) {
    Replica replica = lake.replica(name);
    Leases leases = new Leases(lake.database());
    Lease lease =
        leases.claim(Lease.ofReplica(replica.id()), "test", Duration.ofMinutes(1)).orElseThrow();
    assertThat(check.compared(replica, lease, store)).isEqualTo(replica);
    leases.release(lease);
  }

  @Test
  void replica_isComparedOnce() {
    BucketCheck check = check(10);
    compare(check, ONE);
    compare(check, TWO);
    compare(check, ONE);
    compare(check, TWO);

    assertThat(store.listings).isEqualTo(2);
  }

  @Test
  void moreReplicasThanAreRemembered_areComparedAgain() {
    BucketCheck check = check(1);
    compare(check, ONE);
    compare(check, TWO);
    compare(check, ONE);
    compare(check, TWO);

    assertThat(store.listings).isGreaterThan(2);
  }
}
