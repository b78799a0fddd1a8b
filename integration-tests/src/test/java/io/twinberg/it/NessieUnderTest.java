package io.twinberg.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.twinberg.it.catalog.NessieCatalog;
import io.twinberg.it.engine.JavaHome;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Nessie as the source of a Twinberg, with two warehouses on the source's store. */
record NessieUnderTest(StorePair stores, NessieCatalog nessie, RunningTwinberg twinberg)
    implements AutoCloseable {
  static final String SECOND = "s3://lake/second";

  /** On the default warehouse; a test on a machine without a new enough Java is skipped. */
  static NessieUnderTest start(Path folder) {
    return start(folder, Optional.empty(), StorePair.WAREHOUSE);
  }

  /** On the second warehouse. */
  static NessieUnderTest startOnSecond(Path folder) {
    return start(folder, Optional.of("second"), SECOND);
  }

  private static NessieUnderTest start(Path folder, Optional<String> warehouse, String location) {
    Optional<JavaHome> java = JavaHome.atLeast(NessieCatalog.JAVA);
    assumeTrue(java.isPresent(), () -> JavaHome.needs("Nessie", NessieCatalog.JAVA));
    StorePair stores = StorePair.start(folder);
    NessieCatalog nessie =
        NessieCatalog.start(
            java.orElseThrow(),
            Map.of("warehouse", StorePair.WAREHOUSE, "second", SECOND),
            stores.source().properties());
    RunningTwinberg twinberg =
        RunningTwinberg.start(Setup.nessie(folder, stores, nessie.uri(), warehouse, location));
    return new NessieUnderTest(stores, nessie, twinberg);
  }

  /** Nessie itself, without Twinberg. */
  RestReads direct() {
    return new RestReads(nessie.uri());
  }

  RestReads proxied() {
    return twinberg.reads(Setup.SOURCE);
  }

  @Override
  public void close() {
    twinberg.close();
    nessie.close();
    stores.close();
  }
}
