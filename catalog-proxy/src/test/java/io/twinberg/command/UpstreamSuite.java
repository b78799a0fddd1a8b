package io.twinberg.command;

import java.nio.file.Path;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A suite about commits to a table of a real catalog, with a wire that can be made to fail. */
@Timeout(240)
abstract class UpstreamSuite {
  static final TableIdentifier ORDERS = UpstreamWorld.id("orders");

  @TempDir Path folder;
  UpstreamWorld world;
  SourceTruth truth;
  Table orders;

  @BeforeEach
  void open() {
    world = new UpstreamWorld(folder, 1);
    truth = new SourceTruth(world);
    orders = world.create("orders");
  }

  @AfterEach
  void close() {
    world.close();
  }
}
