package io.twinberg.replicator.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFixtures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestListTest {

  private static byte[] list(int version, String codec) {
    return ManifestFixtures.list(version, codec, 300, version == 3 ? 5000L : null);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void read_ofEveryVersion_agreesWithIceberg(int version) {
    byte[] list = list(version, "gzip");

    List<ListedManifest> read = ManifestList.read(list);

    assertThat(read).hasSize(300);
    assertThat(read)
        .isEqualTo(
            ManifestFixtures.readList(list).stream().map(ManifestListTest::expected).toList());
    assertThat(read.get(2).content()).isEqualTo(version == 1 ? 0 : 1);
    assertThat(read.get(2).sequenceNumber()).isEqualTo(version == 1 ? 0 : 42);
    assertThat(read.get(0).firstRowId().isPresent()).isEqualTo(version == 3);
  }

  private static ListedManifest expected(ManifestFile file) {
    return new ListedManifest(
        file.path(),
        file.length(),
        file.content().id(),
        file.partitionSpecId(),
        file.snapshotId(),
        file.sequenceNumber(),
        file.minSequenceNumber(),
        OptionalInt.of(file.addedFilesCount()),
        OptionalInt.of(file.existingFilesCount()),
        OptionalInt.of(file.deletedFilesCount()),
        file.firstRowId() == null ? OptionalLong.empty() : OptionalLong.of(file.firstRowId()),
        file.keyMetadata() != null);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void rewrite_ofEveryVersion_changesPathAndLengthOnly(int version) {
    byte[] list = list(version, "gzip");

    byte[] copy = ManifestList.rewrite(list, ManifestListTest::moved);

    Decoded expected = Decoded.of(list, ManifestListTest::edit);
    assertThat(Decoded.of(copy)).isEqualTo(expected);
    assertThat(ManifestFixtures.readList(copy))
        .map(ManifestFile::path, ManifestFile::length)
        .first()
        .isEqualTo(tuple("s3://replica/manifest-m0.avro", 10_000_000_028L));
  }

  private static RewrittenFile moved(String path) {
    return new RewrittenFile(
        "s3://replica/manifest-" + path.substring(path.lastIndexOf('/') + 1),
        10_000_000_000L + path.length() - ManifestFixtures.SOURCE.length() + 11);
  }

  private static void edit(GenericRecord record) {
    RewrittenFile target = moved(record.get("manifest_path").toString());
    record.put("manifest_path", target.path());
    record.put("manifest_length", target.lengthInBytes());
  }

  @Test
  void rewrite_toTheSamePathsAndLengths_keepsEveryRecord() {
    byte[] list = list(3, "gzip");
    Map<String, Long> lengths = new HashMap<>();
    ManifestList.read(list).forEach(m -> lengths.put(m.path(), m.lengthInBytes()));

    byte[] copy = ManifestList.rewrite(list, path -> new RewrittenFile(path, lengths.get(path)));

    assertThat(Decoded.of(copy)).isEqualTo(Decoded.of(list));
  }
}
