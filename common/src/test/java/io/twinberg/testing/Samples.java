package io.twinberg.testing;

import io.twinberg.log.Append;
import io.twinberg.log.KeptJson;
import io.twinberg.log.NewVersion;
import io.twinberg.log.SourceTable;
import io.twinberg.log.SourceTables;
import io.twinberg.log.VersionOrigin;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/** Tables and versions as a source would have them. */
public final class Samples {
  /** When the sample versions were committed. */
  public static final Instant COMMITTED_AT = Instant.parse("2026-03-04T05:00:00.123Z");

  private Samples() {}

  /** A name in the namespace {@code sales}. */
  public static TableIdentifier name(String name) {
    return TableIdentifier.of(Namespace.of("sales"), name);
  }

  /** A table that a source is discovered to have, with a new UUID. */
  public static SourceTable discover(SourceTables tables, String source, String name) {
    return discover(tables, source, name(name));
  }

  /** A table that a source is discovered to have, with a new UUID. */
  public static SourceTable discover(SourceTables tables, String source, TableIdentifier name) {
    return tables.discover(
        source, "", name, UUID.randomUUID().toString(), "s3://lake/somewhere", false);
  }

  /** The location of a table's n-th metadata file. */
  public static String location(SourceTable table, int number) {
    return "s3://lake/" + table.uuid() + "/metadata/" + number + ".metadata.json";
  }

  /** A table's n-th version, with metadata that names it. */
  public static NewVersion version(SourceTable table, int number) {
    return new NewVersion(
        location(table, number),
        VersionOrigin.PROXY,
        OptionalLong.of(7),
        number,
        COMMITTED_AT,
        OptionalLong.of(1000 + number),
        Optional.of(KeptJson.of(metadata(number))));
  }

  /** The metadata of the n-th version. */
  public static byte[] metadata(int number) {
    return ("{\"version\":" + number + "}").getBytes(StandardCharsets.UTF_8);
  }

  /** The n-th version after a head. */
  public static Append append(SourceTable table, OptionalLong head, int number) {
    return new Append(table, head, List.of(version(table, number)), Optional.empty());
  }
}
