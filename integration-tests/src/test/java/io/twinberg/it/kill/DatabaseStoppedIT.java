package io.twinberg.it.kill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.twinberg.it.RestReads;
import io.twinberg.it.RunningTwinberg;
import io.twinberg.it.Setup;
import io.twinberg.it.StorePair;
import io.twinberg.it.TableHistory;
import io.twinberg.it.catalog.FixtureCatalog;
import io.twinberg.it.catalog.FixtureSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The PostgreSQL under a whole Twinberg is stopped and started again while clients write: {@code
 * -Dcommits=} commits before, meanwhile and afterwards.
 */
class DatabaseStoppedIT {
  private static final String NAMESPACE = "shop";
  private static final List<String> TABLES = List.of("first", "second");
  private static final int COMMITS = Integer.getInteger("commits", 2);
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @TempDir private Path folder;
  private StoppablePostgres postgres;
  private StorePair stores;
  private FixtureCatalog upstream;
  private WhatClientsWereTold told;

  @BeforeEach
  void start() {
    postgres = new StoppablePostgres(folder);
    stores = StorePair.start(folder);
    upstream =
        FixtureCatalog.start(
            FixtureSettings.onS3(
                folder.resolve("upstream"), StorePair.WAREHOUSE, stores.source().properties()));
    told = new WhatClientsWereTold(folder.resolve("told.txt"));
  }

  @AfterEach
  void stop() {
    told.close();
    upstream.close();
    stores.close();
    postgres.close();
  }

  private Setup setup(String onLogFailure) {
    return Setup.upstream(folder, stores, upstream.uri())
        .on(postgres.url())
        .sourceWith("on-log-failure: " + onLogFailure);
  }

  @Test
  void onLogFailureForward_databaseStopped_writersGoOnAndTheLogIsCompleteAfterwards()
      throws Exception {
    try (RunningTwinberg twinberg = RunningTwinberg.start(setup("forward"));
        Clients clients = writing(twinberg)) {
      postgres.stop();
      // Iceberg's clients would look what became of their commit, and bear any answer.
      HttpResponse<String> answer = setProperty(twinberg);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      awaitCommits();
      postgres.start();
      awaitCommits();
      clients.end();

      assertComplete(twinberg);
    }
  }

  @Test
  void onLogFailureReject_databaseStopped_nothingIsForwardedUntilItIsBack() throws Exception {
    try (RunningTwinberg twinberg = RunningTwinberg.start(setup("reject"));
        Clients clients = writing(twinberg)) {
      postgres.stop();
      HttpResponse<String> refused = commit(twinberg);

      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      // What was forwarded before the database stopped may land a moment later.
      await("nothing lands").untilAsserted(() -> assertNothingLands(twinberg));
      postgres.start();
      awaitCommits();
      clients.end();
      assertComplete(twinberg);
    }
  }

  private void assertNothingLands(RunningTwinberg twinberg) throws Exception {
    TableHistory before = atSource("first");
    int acknowledged = told.acknowledged().size();
    assertThat(commit(twinberg).statusCode()).isEqualTo(503);
    assertThat(atSource("first")).isEqualTo(before);
    assertThat(told.acknowledged()).hasSize(acknowledged);
  }

  private Clients writing(RunningTwinberg twinberg) {
    Clients clients = new Clients(stores, told);
    URI source = twinberg.catalog(Setup.SOURCE);
    clients.create(source, NAMESPACE, TABLES);
    TABLES.forEach(table -> clients.commitTo(source, NAMESPACE, table));
    awaitCommits();
    return clients;
  }

  private void awaitCommits() {
    int before = told.acknowledged().size();
    await("commits").atMost(LIMIT).until(() -> told.acknowledged().size() >= before + COMMITS);
  }

  /** A commit that the upstream would take whatever is in the table. */
  private static HttpResponse<String> commit(RunningTwinberg twinberg) throws Exception {
    return post(
        twinberg,
        "/tables/first",
        """
        {"requirements": [], "updates": [{"action": "set-properties", "updates": {"sent": "%d"}}]}
        """
            .formatted(System.nanoTime()));
  }

  /** It adds no version to a table, each of which the log is to have once. */
  private static HttpResponse<String> setProperty(RunningTwinberg twinberg) throws Exception {
    return post(twinberg, "/properties", "{\"updates\": {\"owner\": \"me\"}}");
  }

  private static HttpResponse<String> post(RunningTwinberg twinberg, String path, String body)
      throws Exception {
    URI uri = URI.create(twinberg.catalog(Setup.SOURCE) + "/v1/namespaces/" + NAMESPACE + path);
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
  }

  private TableHistory atSource(String table) {
    return new RestReads(upstream.uri()).history(NAMESPACE, table).orElseThrow();
  }

  private void assertComplete(RunningTwinberg twinberg) {
    LogOfAll checks = new LogOfAll(twinberg, told, NAMESPACE);
    checks.assertReplicasEqual(TABLES);
    checks.assertLoggedOnce(TABLES);
    checks.assertAppliedOnce(TABLES);
  }
}
