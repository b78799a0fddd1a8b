package io.twinberg.replicator.rewrite;

import static io.twinberg.replicator.rewrite.Transcodings.TARGET;
import static io.twinberg.replicator.rewrite.Transcodings.TO_REPLICA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.twinberg.replica.PathRange;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.DeleteFixtures;
import org.apache.iceberg.ManifestFixtures;
import org.apache.iceberg.ManifestFixtures.Written;
import org.apache.iceberg.inmemory.InMemoryOutputFile;
import org.junit.jupiter.api.Test;

/**
 * What goes wrong with deletes in Iceberg's own path rewriting goes right here, on the same input.
 */
class PeersDeleteBugsTest {
  private static final String DATA = ManifestFixtures.SOURCE + "/data/";

  private final InMemoryOutputFile peers = new InMemoryOutputFile("s3://out/d.avro");

  /** The fixture gives statuses by chance; this one goes on until it is the wanted one. */
  private static Written manifest(int version, String status, DeleteFile file) {
    // One generator for all tries: those of neighbouring seeds begin alike.
    Random chance = new Random(1);
    while (true) {
      Written written = DeleteFixtures.manifest(version, "gzip", List.of(file), chance);
      DeleteFixtures.Entry entry = DeleteFixtures.read(written, written.bytes()).get(0);
      // 42 is what an entry without a number of its own inherits.
      if (entry.status().toString().equals(status) && entry.dataSequenceNumber() != 42) {
        return written;
      }
    }
  }

  private static List<DeleteFixtures.Entry> ours(Written source) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new ManifestTranscoder(TO_REPLICA)
        .transcodeDeletes(
            new ByteArrayInputStream(source.bytes()),
            out,
            block -> {
              Map<String, RewrittenDelete> live = new HashMap<>();
              block.stream()
                  .filter(ManifestEntry::isLive)
                  .forEach(
                      entry ->
                          live.put(
                              entry.path(),
                              new RewrittenDelete(
                                  TO_REPLICA.map(entry.path()),
                                  2222,
                                  Optional.of(PathRange.of(TARGET + "/data/a.parquet")))));
              return live;
            });
    return DeleteFixtures.read(source, out.toByteArray());
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
  }

  @Test
  void referencedDataFile_ofVersionTwoPositionDeletes_isMappedHereAndNotThere() throws Exception {
    DeleteFile file = scoped();
    Written source = manifest(2, "ADDED", file);

    DeleteFixtures.copyWithRewriteTablePath(source, 2, TARGET, peers);

    assertThat(DeleteFixtures.read(source, peers.toByteArray()).get(0).referenced())
        .as("rewrite_table_path leaves the source's path: the delete applies to no file")
        .isEqualTo(DATA + "a.parquet");
    assertThat(ours(source).get(0).referenced()).isEqualTo(TARGET + "/data/a.parquet");
  }

  private static DeleteFile scoped() {
    for (long seed = 0; ; seed++) {
      DeleteFile file =
          DeleteFixtures.positions(1, new Random(seed), DATA + "a.parquet", DATA + "a.parquet");
      if (file.referencedDataFile() != null) {
        return file;
      }
    }
  }

  @Test
  void truncatedEqualBounds_becomeTheWholePathHereAndAreAnErrorThere() throws Exception {
    Written source =
        manifest(
            2,
            "ADDED",
            DeleteFixtures.positions(1, new Random(1), "s3://lake/wareho", "s3://lake/wareho"));

    assertThatThrownBy(() -> DeleteFixtures.copyWithRewriteTablePath(source, 2, TARGET, peers))
        .isInstanceOf(RuntimeException.class);
    assertThat(text(ours(source).get(0).lower())).isEqualTo(TARGET + "/data/a.parquet");
    assertThat(text(ours(source).get(0).upper())).isEqualTo(TARGET + "/data/a.parquet");
  }

  /** Issues 16662 and 17498: the file of a DELETED entry may be gone, and nobody needs it. */
  @Test
  void deletedEntry_isKeptWithoutItsFileHereAndDemandedThere() throws Exception {
    Written source = manifest(2, "DELETED", scoped());

    assertThat(DeleteFixtures.copyWithRewriteTablePath(source, 2, TARGET, peers).toRewrite())
        .as("rewrite_table_path wants to rewrite a file that may be gone")
        .hasSize(1);
    assertThat(ours(source))
        .singleElement()
        .returns("DELETED", entry -> entry.status().toString())
        .returns(TARGET + "/data/c1=zürich☃/delete-1.parquet", DeleteFixtures.Entry::path)
        .returns(1001L, DeleteFixtures.Entry::length);
  }

  /** Issue 12554: the entry tells the size of the file that the replica has. */
  @Test
  void sizeOfARewrittenDeleteFile_isItsOwnHere() throws Exception {
    Written source = manifest(2, "ADDED", scoped());

    DeleteFixtures.copyWithRewriteTablePath(source, 2, TARGET, peers);

    assertThat(DeleteFixtures.read(source, peers.toByteArray()).get(0).length()).isEqualTo(1001);
    assertThat(DeleteFixtures.read(source, peers.toByteArray()).get(0).columnSizes())
        .as("rewrite_table_path keeps the sizes of columns of another file")
        .isNotNull();
    assertThat(ours(source).get(0).length()).isEqualTo(2222);
    assertThat(ours(source).get(0).columnSizes()).isNull();
  }

  /** The same defect as with compactions of data: an ADDED entry loses its own sequence number. */
  @Test
  void explicitDataSequenceNumber_ofAnAddedEntry_survivesHereAndNotThere() throws Exception {
    Written source = manifest(2, "ADDED", scoped());
    long number = DeleteFixtures.read(source, source.bytes()).get(0).dataSequenceNumber();

    DeleteFixtures.copyWithRewriteTablePath(source, 2, TARGET, peers);

    assertThat(DeleteFixtures.read(source, peers.toByteArray()).get(0).dataSequenceNumber())
        .isNotEqualTo(number);
    assertThat(ours(source).get(0).dataSequenceNumber()).isEqualTo(number);
  }
}
