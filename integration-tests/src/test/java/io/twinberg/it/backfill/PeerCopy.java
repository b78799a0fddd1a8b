package io.twinberg.it.backfill;

import io.twinberg.it.engine.SparkProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.iceberg.io.FileIO;

/**
 * A copy of a table as Iceberg's users make it: Spark's procedure rewrites, and then somebody
 * copies what is on its list, here on several threads.
 */
final class PeerCopy {
  private static final String PROCEDURE =
      "CALL lake.system.rewrite_table_path(table => '%s.%s', source_prefix => '%s',"
          + " target_prefix => 's3://replicas/peer', staging_location => '%s'%s)";

  private final SparkProcess spark;
  private final FileIO source;
  private final FileIO destination;

  PeerCopy(SparkProcess spark, FileIO source, FileIO destination) {
    this.spark = spark;
    this.source = source;
    this.destination = destination;
  }

  /**
   * What a copy took.
   *
   * @param files how many files were copied
   * @param copyNanos how long the copying took after the procedure had ended
   */
  record Copied(int files, long copyNanos) {}

  /** Copies all of a table. */
  Copied copy(String location) {
    return copy(location, "");
  }

  /** Copies what came after a metadata file, of which the name counts. */
  Copied copySince(String location, String metadataFile) {
    return copy(
        location,
        ", start_version => '%s'"
            .formatted(metadataFile.substring(metadataFile.lastIndexOf('/') + 1)));
  }

  private Copied copy(String location, String more) {
    String staging = "s3://lake/staging/" + UUID.randomUUID() + "/";
    List<?> result =
        spark
            .rows(
                PROCEDURE.formatted(
                    BackfillLake.NAMESPACE, BackfillLake.TABLE, location, staging, more))
            .get(0);
    long start = System.nanoTime();
    List<Callable<Void>> copies = new ArrayList<>();
    for (String line : lines(String.valueOf(result.get(1)))) {
      String[] pair = line.split(",", 2);
      copies.add(() -> copyFile(pair[0], pair[1]));
    }
    int files = LargeTable.inParallel(copies).size();
    return new Copied(files, System.nanoTime() - start);
  }

  private List<String> lines(String location) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                source.newInputFile(location).newStream(), StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Void copyFile(String from, String to) throws IOException {
    try (var in = source.newInputFile(from).newStream();
        var out = destination.newOutputFile(to).createOrOverwrite()) {
      in.transferTo(out);
    }
    return null;
  }
}
