package io.twinberg.command;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.twinberg.config.ConfigLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** The metrics of a real server against the document, the dashboard and the alert rules. */
class MetricsDocumentTest {
  private static final String YAML =
      """
      server: { port: 0 }
      management: { port: 0 }
      sources:
        main: { default: true }
        prod: { uri: "http://127.0.0.1:9/" }
      destinations: { eu: { root: ./eu, retention: { snapshots: forever }, lag-objective: 15m } }
      rules: [ { source: main, destinations: [ eu ] } ]
      """;
  private static final Path DOCS = Path.of("../docs");
  private static final Pattern ROW =
      Pattern.compile("^\\| `([a-z0-9_]+)` \\| ([^|]*)\\| [^|]{3,} \\|$", Pattern.MULTILINE);
  private static final Pattern LEGEND = Pattern.compile("\\{\\{ *(?:\\$labels\\.)?([a-z_]+) *}}");
  private static final Pattern LABEL_VALUES =
      Pattern.compile("label_values\\(([a-z_]+), ?([a-z_]+)\\)");

  /** Prometheus adds them to what it scrapes. */
  private static final Set<String> OF_THE_SCRAPE = Set.of("job", "instance");

  /** They have a series for each source and destination that a commit was refused for. */
  private static final Set<String> ONCE_IT_HAPPENS =
      Set.of("expiry_guard_refused_total", "expiry_guard_released_total");

  @TempDir private static Path folder;
  private static Scrape scrape = new Scrape("");
  private static String uuid = "";

  @BeforeAll
  static void scrape() throws Exception {
    try (TwinbergServer server =
            TwinbergServer.start(
                ConfigLoader.parse(YAML, folder, name -> null), EnumSet.allOf(Role.class));
        RESTCatalog source = new RESTCatalog()) {
      source.initialize(
          "main", Map.of("uri", "http://127.0.0.1:" + server.port() + "/catalogs/main"));
      Namespace giraffe = Namespace.of("giraffe");
      source.createNamespace(giraffe);
      Table zebra =
          source.createTable(
              TableIdentifier.of(giraffe, "zebra"),
              new Schema(Types.NestedField.required(1, "id", Types.LongType.get())));
      zebra.updateProperties().set("commit", "another").commit();
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () -> {
                scrape = new Scrape(scraped(server));
                assertThat(scrape.text())
                    .contains("replicas{destination=\"eu\",state=\"completed\"} 1.0");
              });
      uuid = ((HasTableOperations) zebra).operations().current().uuid();
    }
  }

  private static String scraped(TwinbergServer server) {
    return given()
        .baseUri("http://127.0.0.1")
        .port(server.managementPort())
        .get("/metrics")
        .then()
        .statusCode(200)
        .extract()
        .asString();
  }

  private static String section(String title) throws Exception {
    String text = Files.readString(DOCS.resolve("OPERATIONS.md"));
    int start = text.indexOf("\n## " + title + "\n");
    assertThat(start).isPositive();
    return text.substring(start + 1, text.indexOf("\n## ", start + 1));
  }

  @Test
  void metrics_each_standInTheDocumentWithTheirLabels() throws Exception {
    Set<String> documented = new TreeSet<>();
    Matcher row = ROW.matcher(section("Metrics"));
    while (row.find()) {
      documented.add(row.group(1));
      Matcher label = Pattern.compile("`([a-z_]+)`").matcher(row.group(2));
      while (label.find() && !ONCE_IT_HAPPENS.contains(row.group(1))) {
        assertThat(scrape.text())
            .containsPattern(row.group(1) + "(_count)?\\{[^}]*" + label.group(1) + "=");
      }
    }
    Set<String> ours = new TreeSet<>(scrape.names());
    ours.removeIf(name -> name.matches("(jvm|process|system)_.*"));
    ours.removeIf(name -> name.matches(".*_(bucket|count|sum|max)"));
    ours.addAll(ONCE_IT_HAPPENS);
    assertThat(documented).isEqualTo(ours);
  }

  @Test
  void labels_haveNoNamesOfTables() {
    Set<String> labels = new TreeSet<>();
    Matcher label = Pattern.compile("[{,]([a-z_]+)=\"").matcher(scrape.text());
    while (label.find()) {
      labels.add(label.group(1));
    }
    assertThat(labels)
        .isSubsetOf(
            "area",
            "code",
            "destination",
            "id",
            "kind",
            "le",
            "outcome",
            "quantile",
            "route_kind",
            "source",
            "state",
            "status_class",
            "window");
  }

  @Test
  void tablesThatThereAre_areNamedNowhere() {
    assertThat(scrape.text()).doesNotContain("giraffe").doesNotContain("zebra");
    assertThat(uuid).isNotEmpty();
    assertThat(scrape.text()).doesNotContain(uuid);
  }

  /** An expression whose labels nothing has is not wrong to Prometheus: it is never true. */
  private static void assertScraped(String where, PromExpression expression) {
    assertThat(expression.selectors()).as(where).isNotEmpty();
    for (PromExpression.Selector selector : expression.selectors()) {
      assertThat(scrape.names()).as(where).contains(selector.metric());
      assertThat(labels(selector)).as(where).containsAll(expression.groupings());
      for (PromExpression.Wanted wanted : selector.wanted()) {
        assertThat(labels(selector)).as(where).contains(wanted.label());
        if (!OF_THE_SCRAPE.contains(wanted.label())) {
          assertThat(scrape.values(selector.metric(), wanted.label()))
              .as(where)
              .containsAll(wanted.values());
        }
      }
    }
  }

  private static Set<String> labels(PromExpression.Selector selector) {
    Set<String> labels = new TreeSet<>(OF_THE_SCRAPE);
    labels.addAll(scrape.labels(selector.metric()));
    return labels;
  }

  /** What a text shows of labels has to be left of them when the expression has been reckoned. */
  private static void assertShown(String where, PromExpression expression, String text) {
    Set<String> left = new TreeSet<>(expression.groupings());
    if (left.isEmpty()) {
      expression.selectors().forEach(selector -> left.addAll(labels(selector)));
    }
    assertThat(LEGEND.matcher(text).results().map(found -> found.group(1)))
        .as(where)
        .isSubsetOf(left);
  }

  @Test
  void alerts_each_nameMetricsThatThereAreAndASectionOfTheDocument() throws Exception {
    JsonNode rules =
        new ObjectMapper()
            .<JsonNode>valueToTree(
                new Yaml().load(Files.readString(DOCS.resolve("prometheus/alerts.yaml"))))
            .at("/groups/0/rules");
    List<String> titles = new ArrayList<>();
    for (JsonNode rule : rules) {
      String alert = rule.path("alert").asText();
      PromExpression expression = new PromExpression(rule.path("expr").asText());
      assertScraped(alert, expression);
      rule.path("annotations").forEach(text -> assertShown(alert, expression, text.asText()));
      titles.add("Alert " + alert);
      assertThat(rule.at("/annotations/runbook").asText())
          .isEqualTo("docs/OPERATIONS.md#alert-" + alert.toLowerCase(Locale.ROOT));
    }
    List<String> sections = new ArrayList<>();
    Matcher section = Pattern.compile("^### (.+)$", Pattern.MULTILINE).matcher(section("Alerts"));
    while (section.find()) {
      sections.add(section.group(1));
    }
    assertThat(sections).isNotEmpty().isEqualTo(titles);
  }

  @Test
  void dashboard_everyPanel_namesMetricsThatThereAre() throws Exception {
    JsonNode dashboard =
        new ObjectMapper().readTree(DOCS.resolve("grafana/twinberg.json").toFile());
    assertThat(dashboard.path("panels")).isNotEmpty();
    for (JsonNode panel : dashboard.path("panels")) {
      assertThat(panel.path("targets")).isNotEmpty();
      String title = panel.path("title").asText();
      for (JsonNode target : panel.path("targets")) {
        PromExpression expression = new PromExpression(target.path("expr").asText());
        assertScraped(title, expression);
        assertShown(title, expression, target.path("legendFormat").asText());
      }
    }
    List<MatchResult> variables =
        LABEL_VALUES.matcher(dashboard.path("templating").toString()).results().toList();
    assertThat(variables).isNotEmpty();
    for (MatchResult variable : variables) {
      assertThat(scrape.labels(variable.group(1))).contains(variable.group(2));
    }
  }
}
