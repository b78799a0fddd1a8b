package io.twinberg.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.testing.UpstreamFault;
import io.twinberg.testing.UpstreamFault.Delivery;
import io.twinberg.testing.UpstreamRule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CleanableFailure;
import org.apache.iceberg.rest.RESTCatalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two proxies on one PostgreSQL whose clients commit to the same table. */
@Timeout(240)
class TwoProxiesTest {
  private static final long SEED = Long.getLong("seed", System.nanoTime());
  private static final int COMMITS = 6;

  @TempDir Path folder;

  @Test
  void commits_toOneTableThroughBoth_logHasTheChainOnce() throws Exception {
    System.out.println("seed=" + SEED);
    TableIdentifier orders = UpstreamWorld.id("orders");
    try (UpstreamWorld world = new UpstreamWorld(folder, SEED).onPostgres()) {
      world.create("orders");
      world.start();
      try (TwinbergServer other = world.another(EnumSet.of(Role.PROXY))) {
        List<UpstreamFault> faults = new ArrayList<>(UpstreamFault.all());
        faults.removeIf(fault -> fault.delivery() == Delivery.LATER);
        world.upstream().plan().add(UpstreamRule.of(faults).on("POST", "").probability(0.3));
        RESTCatalog through = world.client("prod", other.port());
        CompletableFuture<Void> second = CompletableFuture.runAsync(() -> commit(through, orders));
        commit(world.client(), orders);
        second.get();
        world.upstream().plan().heal();

        new SourceTruth(world).assertCaptured(orders);
        assertThat(world.log().strings("select count(distinct process_id) from intent"))
            .containsExactly("2");
      }
    }
  }

  private static void commit(RESTCatalog catalog, TableIdentifier name) {
    Table table = catalog.loadTable(name);
    for (int i = 0; i < COMMITS; i++) {
      try {
        table.newAppend().appendFile(RawCommit.file(table)).commit();
      } catch (RuntimeException e) {
        // Nobody knows what became of it; the next commit begins with what the catalog has.
        assertThat(e).isNotInstanceOf(CleanableFailure.class);
        table.refresh();
      }
    }
  }
}
