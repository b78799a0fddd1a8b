package io.twinberg.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.source.LoadResult.Loaded;
import io.twinberg.source.LoadResult.NotFound;
import io.twinberg.source.LoadResult.NotModified;
import io.twinberg.source.LoadResult.Unavailable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.view.View;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogSourceReaderTest {
  private static final TableIdentifier ID = TableIdentifier.of(Namespace.of("a", "b"), "t");
  private static final Schema SCHEMA =
      new Schema(Types.NestedField.required(1, "id", Types.LongType.get()));

  private final InMemoryCatalog catalog = new InMemoryCatalog();
  private CatalogSourceReader reader;

  @BeforeEach
  void start() {
    catalog.initialize("test", Map.of());
    catalog.createNamespace(Namespace.of("a"));
    catalog.createNamespace(ID.namespace());
    reader = CatalogSourceReader.of(catalog);
  }

  @Test
  void listings_nestedNamespaces_areAllRead() {
    catalog.createTable(ID, SCHEMA);
    assertThat(reader.listNamespaces())
        .isEqualTo(new Listing.Listed<>(List.of(Namespace.of("a"), ID.namespace())));
    assertThat(reader.listTables(ID.namespace())).isEqualTo(new Listing.Listed<>(List.of(ID)));
  }

  @Test
  void load_unknownFieldsInTheFile_survive() throws IOException {
    String location = metadataLocation(catalog.createTable(ID, SCHEMA));
    String json = contents(location).replaceFirst("\\{", "{ \"unknown\" : [1.10],");
    overwrite(location, json);
    Loaded loaded = (Loaded) reader.load(ID);
    assertThat(new String(loaded.metadata(), StandardCharsets.UTF_8)).isEqualTo(json);
    assertThat(loaded.metadataLocation()).isEqualTo(location);
    assertThat(loaded.tableUuid()).isEqualTo(catalog.loadTable(ID).uuid().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip"})
  void load_compressedOrNot_isTheTablesJson(String codec) {
    Table table =
        catalog
            .buildTable(ID, SCHEMA)
            .withProperty("write.metadata.compression-codec", codec)
            .create();
    Loaded loaded = (Loaded) reader.load(ID);
    assertThat(loaded.tableUuid()).isEqualTo(table.uuid().toString());
    assertThat(loaded.tree().path("location").asText()).isEqualTo(table.location());
  }

  @Test
  void loadIfChanged_untilTheNextCommit_isNotModified() {
    Table table = catalog.createTable(ID, SCHEMA);
    String etag = ((Loaded) reader.load(ID)).etag().orElseThrow();
    assertThat(reader.loadIfChanged(ID, etag)).isInstanceOf(NotModified.class);
    table.updateProperties().set("k", "v").commit();
    assertThat(reader.loadIfChanged(ID, etag)).isInstanceOf(Loaded.class);
  }

  @Test
  void load_missingTableOrMetadataTable_isNotFound() {
    assertThat(reader.load(ID)).isInstanceOf(NotFound.class);
    catalog.createTable(ID, SCHEMA);
    TableIdentifier inside = TableIdentifier.of(Namespace.of("a", "b", "t"), "snapshots");
    assertThat(reader.load(inside)).isInstanceOf(NotFound.class);
    assertThat(reader.listTables(Namespace.of("none"))).isInstanceOf(Listing.Failed.class);
  }

  @Test
  void load_metadataFileMissingOrTooLarge_isUnavailable() {
    Table table = catalog.createTable(ID, SCHEMA);
    var small = new CatalogSourceReader(catalog, catalog, 10, id -> Optional.empty());
    assertThat(small.load(ID)).isInstanceOf(Unavailable.class);
    table.io().deleteFile(metadataLocation(table));
    assertThat(reader.load(ID)).isInstanceOf(Unavailable.class);
  }

  @Test
  void metadataLocation_ofACatalogThatTells_isTold() {
    var telling = CatalogSourceReader.of(catalog, id -> Optional.of("s3://lake/" + id));

    assertThat(telling.metadataLocation(ID)).contains("s3://lake/" + ID);
    assertThat(reader.metadataLocation(ID)).isEmpty();
  }

  private String contents(String location) throws IOException {
    try (InputStream in = catalog.loadTable(ID).io().newInputFile(location).newStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void overwrite(String location, String json) throws IOException {
    try (OutputStream out =
        catalog.loadTable(ID).io().newOutputFile(location).createOrOverwrite()) {
      out.write(json.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String metadataLocation(Table table) {
    return ((BaseTable) table).operations().current().metadataFileLocation();
  }

  @Test
  void view_itsMetadata_isRead() {
    View view =
        catalog
            .buildView(ID)
            .withSchema(SCHEMA)
            .withQuery("spark", "select 1")
            .withDefaultNamespace(ID.namespace())
            .create();
    Loaded loaded = (Loaded) reader.loadView(ID);
    assertThat(loaded.tableUuid()).isEqualTo(view.uuid().toString());
    assertThat(
            loaded
                .tree()
                .path("versions")
                .get(0)
                .path("representations")
                .get(0)
                .path("sql")
                .asText())
        .isEqualTo("select 1");
    assertThat(reader.listViews(ID.namespace())).isEqualTo(new Listing.Listed<>(List.of(ID)));
    assertThat(reader.load(ID)).isInstanceOf(NotFound.class);
    catalog.dropView(ID);
    assertThat(reader.loadView(ID)).isInstanceOf(NotFound.class);
  }

  @Test
  void namespace_itsProperties_areRead() {
    catalog.setProperties(ID.namespace(), Map.of("k", "v"));
    assertThat(reader.namespace(ID.namespace()))
        .isEqualTo(new NamespaceResult.Found(Map.of("k", "v")));
    assertThat(reader.namespace(Namespace.of("none"))).isInstanceOf(NamespaceResult.Failed.class);
  }
}
