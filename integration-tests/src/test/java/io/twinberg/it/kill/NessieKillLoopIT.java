package io.twinberg.it.kill;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.twinberg.it.Setup;
import io.twinberg.it.StorePair;
import io.twinberg.it.catalog.NessieCatalog;
import io.twinberg.it.engine.JavaHome;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same in front of Nessie, which forgets every snapshot but the newest. */
@Tag("nessie")
class NessieKillLoopIT {
  @TempDir private Path folder;

  @Test
  void killsInFrontOfNessie_loseNothingAcknowledged() {
    Optional<JavaHome> java = JavaHome.atLeast(NessieCatalog.JAVA);
    assumeTrue(java.isPresent(), () -> JavaHome.needs("Nessie", NessieCatalog.JAVA));
    try (StorePair stores = StorePair.start(folder);
        NessieCatalog nessie =
            NessieCatalog.start(
                java.orElseThrow(),
                Map.of("warehouse", StorePair.WAREHOUSE),
                stores.source().properties())) {
      KillChecks.assertNothingIsLostOfAForgetfulSource(
          Setup.nessie(folder, stores, nessie.uri(), Optional.empty(), StorePair.WAREHOUSE),
          stores);
    }
  }
}
