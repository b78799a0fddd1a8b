package io.twinberg.command;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.twinberg.config.ConfigLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.rest.RESTCatalog;
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
      """;
  private static final Path DOCS = Path.of("../docs");
  private static final Pattern TYPE = Pattern.compile("^# TYPE (\\S+) (\\S+)$", Pattern.MULTILINE);
  private static final Pattern ROW =
      Pattern.compile("^\\| `([a-z0-9_]+)` \\| ([^|]*)\\| [^|]{3,} \\|$", Pattern.MULTILINE);
  private static final Pattern NAME =
      Pattern.compile("\\b[a-z][a-z0-9]*(_[a-z0-9]+)+\\b(?!\\()|\\breplicas\\b|\\bgaps\\b");
  private static final Pattern LABELS =
      Pattern.compile("\\{[^}]*}|\\b(by|on|label_values) ?\\([^)]*\\)");

  /** They have a series for each source and destination that a commit was refused for. */
  private static final Set<String> ONCE_IT_HAPPENS =
      Set.of("expiry_guard_refused_total", "expiry_guard_released_total");

  @TempDir private static Path folder;
  private static String scrape = "";

  @BeforeAll
  static void scrape() throws Exception {
    try (TwinbergServer server =
            TwinbergServer.start(
                ConfigLoader.parse(YAML, folder, name -> null), EnumSet.allOf(Role.class));
        RESTCatalog source = new RESTCatalog()) {
      source.initialize(
          "main", Map.of("uri", "http://127.0.0.1:" + server.port() + "/catalogs/main"));
      source.createNamespace(Namespace.of("n"));
      scrape =
          given()
              .baseUri("http://127.0.0.1")
              .port(server.managementPort())
              .get("/metrics")
              .then()
              .statusCode(200)
              .extract()
              .asString();
    }
  }

  private static Set<String> scraped() {
    Set<String> names = new TreeSet<>();
    Matcher type = TYPE.matcher(scrape);
    while (type.find()) {
      names.add(type.group(1));
      boolean histogram = type.group(2).equals("histogram");
      if (histogram || type.group(2).equals("summary")) {
        names.add(type.group(1) + "_count");
        names.add(type.group(1) + "_sum");
      }
      if (histogram) {
        names.add(type.group(1) + "_bucket");
      }
    }
    return names;
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
        assertThat(scrape)
            .containsPattern(row.group(1) + "(_count)?\\{[^}]*" + label.group(1) + "=");
      }
    }
    Set<String> ours = new TreeSet<>(scraped());
    ours.removeIf(name -> name.matches("(jvm|process|system)_.*"));
    ours.removeIf(name -> name.matches(".*_(bucket|count|sum|max)"));
    ours.addAll(ONCE_IT_HAPPENS);
    assertThat(documented).isEqualTo(ours);
  }

  @Test
  void labels_haveNoNamesOfTables() {
    Set<String> labels = new TreeSet<>();
    Matcher label = Pattern.compile("[{,]([a-z_]+)=\"").matcher(scrape);
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

  private static void assertScraped(String where, String expression) {
    Matcher name = NAME.matcher(LABELS.matcher(expression).replaceAll(""));
    int found = 0;
    while (name.find()) {
      assertThat(scraped()).as(where).contains(name.group());
      found++;
    }
    assertThat(found).as(where).isPositive();
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
      assertScraped(alert, rule.path("expr").asText());
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
    JsonNode panels =
        new ObjectMapper().readTree(DOCS.resolve("grafana/twinberg.json").toFile()).path("panels");
    assertThat(panels).isNotEmpty();
    for (JsonNode panel : panels) {
      assertThat(panel.path("targets")).isNotEmpty();
      panel
          .path("targets")
          .forEach(
              target -> assertScraped(panel.path("title").asText(), target.path("expr").asText()));
    }
  }
}
