package io.twinberg.proxy.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.database.Database;
import io.twinberg.log.Sources;
import io.twinberg.testing.DatabaseKind;
import io.twinberg.testing.OnEveryDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

@OnEveryDatabase
class ChainPolicyTest {
  @Parameter DatabaseKind kind;
  @TempDir Path folder;
  private Database database;
  private Sources sources;

  @BeforeEach
  void open() {
    database = kind.open(folder);
    sources = new Sources(database);
    sources.register("prod");
    sources.register("other");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void now_whileNothingIsKnown_isForward() {
    sources.noteMetadataLog("other", false);
    assertThat(new ChainPolicy("prod", sources).now()).isEqualTo(OnLogFailure.FORWARD);
    assertThat(new ChainPolicy("unheard-of", sources).now()).isEqualTo(OnLogFailure.FORWARD);
  }

  @Test
  void follow_sourceTurnsOutToKeepNoLog_isRejectAlsoWhileTheDatabaseIsAway() {
    ChainPolicy policy = new ChainPolicy("prod", sources);
    sources.noteMetadataLog("prod", false);
    assertThat(policy.now()).as("not asked each time").isEqualTo(OnLogFailure.FORWARD);

    policy.follow();
    assertThat(policy.now()).isEqualTo(OnLogFailure.REJECT);
    database.close();
    policy.follow();
    assertThat(policy.now()).isEqualTo(OnLogFailure.REJECT);
  }

  @Test
  void follow_sourceKeepsALogAfterAll_isForward() {
    sources.noteMetadataLog("prod", false);
    ChainPolicy policy = new ChainPolicy("prod", sources);
    assertThat(policy.now()).as("known at the start").isEqualTo(OnLogFailure.REJECT);

    sources.noteMetadataLog("prod", true);
    policy.follow();
    assertThat(policy.now()).isEqualTo(OnLogFailure.FORWARD);
  }
}
