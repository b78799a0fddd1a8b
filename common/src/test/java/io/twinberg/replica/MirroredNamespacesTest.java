package io.twinberg.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.testing.DatabaseContract;
import java.time.Duration;
import java.util.Map;
import org.apache.iceberg.catalog.Namespace;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MirroredNamespacesTest extends DatabaseContract {
  private static final Namespace SALES = Namespace.of("sales", "ünï %c.d");
  private static final Namespace TARGET = Namespace.of("from_prod");

  private MirroredNamespaces namespaces;

  @BeforeEach
  void create() {
    namespaces = new MirroredNamespaces(database, clock);
  }

  private static MirroredNamespace wanted(
      String id, String source, Namespace name, Map<String, String> properties) {
    return new MirroredNamespace(
        id, source, name, "eu", TARGET, "s3://eu/" + id, properties, false, 1);
  }

  private static MirroredNamespace wanted(String id, Map<String, String> properties) {
    return wanted(id, SOURCE, SALES, properties);
  }

  private MirroredNamespace waiting() {
    assertThat(namespaces.waiting(10)).hasSize(1);
    return namespaces.waiting(10).get(0);
  }

  @Test
  void put_newNamespace_standsAndWaitsForItsPointerObject() {
    assertThat(namespaces.put(wanted("n1", Map.of("owner", "jo")))).isTrue();

    assertThat(namespaces.at("eu")).containsExactly(TARGET);
    assertThat(namespaces.at("us")).isEmpty();
    assertThat(namespaces.properties("eu", TARGET)).isEqualTo(Map.of("owner", "jo"));
    assertThat(namespaces.ofSource(SOURCE)).containsExactly(SALES);
    assertThat(waiting()).isEqualTo(wanted("n1", Map.of("owner", "jo")));
    namespaces.pointerWritten(waiting());
    assertThat(namespaces.waiting(10)).isEmpty();
  }

  @Test
  void put_unchanged_changesNothing() {
    namespaces.put(wanted("n1", Map.of("a", "1", "b", "2")));
    var before = content("mirrored_namespace");

    assertThat(namespaces.put(wanted("n2", Map.of("b", "2", "a", "1")))).isFalse();

    assertThat(content("mirrored_namespace")).isEqualTo(before);
  }

  @Test
  void put_otherProperties_countsOnUnderTheSameId() {
    namespaces.put(wanted("n1", Map.of("a", "1")));
    namespaces.pointerWritten(waiting());

    assertThat(namespaces.put(wanted("n2", Map.of("a", "2")))).isTrue();

    assertThat(waiting().id()).isEqualTo("n1");
    assertThat(waiting().folder()).isEqualTo("s3://eu/n1");
    assertThat(waiting().generation()).isEqualTo(2);
    assertThat(namespaces.properties("eu", TARGET)).isEqualTo(Map.of("a", "2"));
  }

  @Test
  void dropped_namespace_standsNoMoreAndItsPointerObjectSaysSo() {
    namespaces.put(wanted("n1", Map.of("a", "1")));
    namespaces.pointerWritten(waiting());

    assertThat(namespaces.dropped(SOURCE, SALES)).isTrue();
    assertThat(namespaces.dropped(SOURCE, SALES)).isFalse();

    assertThat(namespaces.at("eu")).isEmpty();
    assertThat(namespaces.properties("eu", TARGET)).isEqualTo(Map.of("a", "1"));
    assertThat(namespaces.ofSource(SOURCE)).isEmpty();
    assertThat(waiting().dropped()).isTrue();
    assertThat(waiting().generation()).isEqualTo(2);
    assertThat(namespaces.put(wanted("n2", Map.of("a", "1")))).isTrue();
    assertThat(namespaces.at("eu")).containsExactly(TARGET);
    assertThat(waiting().generation()).isEqualTo(3);
  }

  @Test
  void properties_ofSeveralGatheredInOne_areThoseOfTheFirst() {
    namespaces.put(wanted("n9", Map.of("of", "first")));
    clock.step(Duration.ofSeconds(1));
    namespaces.put(wanted("n1", SOURCE, Namespace.of("other"), Map.of("of", "second")));

    assertThat(namespaces.at("eu")).containsExactly(TARGET);
    assertThat(namespaces.properties("eu", TARGET)).isEqualTo(Map.of("of", "first"));
    namespaces.dropped(SOURCE, SALES);
    assertThat(namespaces.properties("eu", TARGET)).isEqualTo(Map.of("of", "second"));
  }

  @Test
  void failed_waitsLongerEachTime() {
    namespaces.put(wanted("n1", Map.of()));
    namespaces.failed(waiting());

    assertThat(namespaces.waiting(10)).isEmpty();
    clock.step(Duration.ofSeconds(1));
    namespaces.failed(waiting());
    clock.step(Duration.ofSeconds(1));
    assertThat(namespaces.waiting(10)).isEmpty();
    clock.step(Duration.ofSeconds(1));
    namespaces.pointerWritten(waiting());
    assertThat(one("select attempts from mirrored_namespace", Integer.class)).isZero();
  }

  @Test
  void pointerWritten_changedMeanwhile_stillWaits() {
    namespaces.put(wanted("n1", Map.of()));
    MirroredNamespace shown = waiting();
    namespaces.put(wanted("n1", Map.of("a", "1")));

    namespaces.pointerWritten(shown);

    assertThat(waiting().generation()).isEqualTo(2);
  }

  @Test
  void adopt_namespaceOfABucket_goesOnFromThere() {
    MirroredNamespace found =
        new MirroredNamespace(
            "n7", "lost", SALES, "eu", TARGET, "s3://eu/n7", Map.of("a", "1"), false, 5);

    assertThat(namespaces.adopt(found)).isTrue();
    assertThat(namespaces.adopt(found)).isFalse();

    assertThat(namespaces.properties("eu", TARGET)).isEqualTo(Map.of("a", "1"));
    assertThat(namespaces.waiting(10)).isEmpty();
    namespaces.put(wanted("n8", "lost", SALES, Map.of("a", "2")));
    assertThat(waiting().id()).isEqualTo("n7");
    assertThat(waiting().generation()).isEqualTo(6);
  }
}
