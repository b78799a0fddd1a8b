package io.twinberg.replicator.delete;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.twinberg.replicator.rewrite.PathMapping;
import io.twinberg.replicator.rewrite.RewrittenDelete;
import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.ObjectStores;
import io.twinberg.storage.StoreException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorOutputStream;
import org.apache.iceberg.inmemory.InMemoryInputFile;
import org.apache.iceberg.inmemory.InMemoryOutputFile;
import org.apache.iceberg.puffin.Blob;
import org.apache.iceberg.puffin.BlobMetadata;
import org.apache.iceberg.puffin.FileMetadata;
import org.apache.iceberg.puffin.Puffin;
import org.apache.iceberg.puffin.PuffinReader;
import org.apache.iceberg.puffin.PuffinWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Puffin files keep their blobs where they are; only the footer names other data files. */
class DeletionVectorsTest {
  private static final PathMapping MAPPING =
      path -> path.replace("s3://lake/", "s3://a-much-longer-replica/");

  @TempDir Path folder;
  private final ObjectStore store = ObjectStores.from(Map.of());

  @AfterEach
  void close() {
    store.close();
  }

  private static byte[] puffin() {
    InMemoryOutputFile out = new InMemoryOutputFile("p");
    try (PuffinWriter writer =
        Puffin.write(out).createdBy("a test").set("file-level", "kept").build()) {
      writer.write(blob("deletion-vector-v1", "one", "s3://lake/a.parquet"));
      writer.write(blob("deletion-vector-v1", "second vector", "s3://lake/b.parquet"));
      writer.write(
          new Blob(
              "unknown-v9", List.of(), -1, -1, bytes("??"), null, Map.of("other", "s3://lake/x")));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return out.toByteArray();
  }

  private static Blob blob(String type, String content, String file) {
    return new Blob(
        type,
        List.of(2147483545),
        -1,
        -1,
        bytes(content),
        null,
        Map.of("referenced-data-file", file, "cardinality", "3", "unknown", "kept"));
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private String source() {
    return "file:" + folder.resolve("source.puffin");
  }

  private String target() {
    return "file:" + folder.resolve("target.puffin");
  }

  private RewrittenDelete rewrite(byte[] file) {
    store.put(source(), file);
    return new DeleteFileRewriter(store, store, MAPPING).rewrite(source(), target(), "puffin", 3);
  }

  private byte[] written() throws IOException {
    try (var in = store.open(target())) {
      return in.readAllBytes();
    }
  }

  private static FileMetadata metadata(byte[] file) throws IOException {
    try (PuffinReader reader = Puffin.read(new InMemoryInputFile("p", file)).build()) {
      return reader.fileMetadata();
    }
  }

  private void assertRewritten(byte[] plain, RewrittenDelete result) throws IOException {
    byte[] copy = written();
    assertThat(result.lengthInBytes()).isEqualTo(copy.length);
    FileMetadata before = metadata(plain);
    FileMetadata after = metadata(copy);
    assertThat(after.properties())
        .isEqualTo(before.properties())
        .containsEntry("file-level", "kept");
    assertThat(after.blobs()).hasSize(3);
    for (int i = 0; i < 3; i++) {
      BlobMetadata blob = before.blobs().get(i);
      BlobMetadata moved = after.blobs().get(i);
      assertThat(moved.offset()).isEqualTo(blob.offset());
      assertThat(moved.length()).isEqualTo(blob.length());
      assertThat(moved.type()).isEqualTo(blob.type());
      assertThat(moved.inputFields()).isEqualTo(blob.inputFields());
    }
    assertThat(after.blobs())
        .map(blob -> blob.properties().getOrDefault("referenced-data-file", "none"))
        .containsExactly(
            "s3://a-much-longer-replica/a.parquet", "s3://a-much-longer-replica/b.parquet", "none");
    assertThat(after.blobs().get(0).properties())
        .containsEntry("cardinality", "3")
        .containsEntry("unknown", "kept");
    assertThat(after.blobs().get(2).properties()).containsEntry("other", "s3://lake/x");
    int footer = footerStart(plain);
    assertThat(Arrays.copyOf(copy, footer)).isEqualTo(Arrays.copyOf(plain, footer));
  }

  private static int footerStart(byte[] file) {
    ByteBuffer end = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    return file.length - 16 - end.getInt(file.length - 12);
  }

  @Test
  void severalVectors_inOneFile_keepTheirOffsetsAndNameOtherFiles() throws IOException {
    byte[] file = puffin();

    assertRewritten(file, rewrite(file));
  }

  @Test
  void compressedFooter_isReadAndWrittenPlain() throws IOException {
    byte[] file = puffin();

    assertRewritten(file, rewrite(withFooter(file, true, 1)));
  }

  private static byte[] withFooter(byte[] file, boolean compressed, int flags) throws IOException {
    int start = footerStart(file);
    byte[] payload = Arrays.copyOfRange(file, start + 4, file.length - 12);
    if (compressed) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (var lz4 = new FramedLZ4CompressorOutputStream(out)) {
        lz4.write(payload);
      }
      payload = out.toByteArray();
    }
    return ByteBuffer.allocate(start + payload.length + 16)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(file, 0, start + 4)
        .put(payload)
        .putInt(payload.length)
        .putInt(flags)
        .put(file, 0, 4)
        .array();
  }

  @Test
  void unknownFlag_ofTheFooter_isRefused() throws IOException {
    assertCorrupt(withFooter(puffin(), false, 2), "unknown flags");
  }

  @Test
  void everyShorterFile_isCorrupt() {
    byte[] file = puffin();
    for (int length = 0; length < file.length; length++) {
      assertCorrupt(Arrays.copyOf(file, length), "cannot be read");
    }
  }

  private void assertCorrupt(byte[] file, String why) {
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> rewrite(file))
        .matches(e -> e.kind() == StoreException.Kind.CORRUPT)
        .withMessageContaining(why)
        .withMessageContaining(source());
    assertThat(store.length(target())).isEmpty();
  }
}
