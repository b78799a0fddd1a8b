package io.twinberg.replicator.verify;

import io.twinberg.config.RefSelection;
import io.twinberg.config.Retention;
import io.twinberg.log.EntryKind;
import io.twinberg.source.CatalogSourceReader;
import io.twinberg.storage.ObjectStores;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.inmemory.InMemoryCatalog;

/** Subjects for tests that look at a part of a verification. */
final class TestSubjects {
  /** A subject that nothing is read of. */
  static final Subject NONE =
      new Subject(
          "r",
          "eu",
          EntryKind.TABLE,
          TableIdentifier.of("n", "t"),
          "s3://eu/t",
          1,
          "s3://eu/t/1.metadata.json",
          "s3://lake/t/1.metadata.json",
          OptionalLong.empty(),
          ObjectStores.from(Map.of()),
          new RefSelection.All(),
          new Retention.Forever(),
          new Subject.Origin(
              "prod",
              TableIdentifier.of("n", "t"),
              CatalogSourceReader.of(new InMemoryCatalog()),
              ObjectStores.from(Map.of())));

  private TestSubjects() {}
}
