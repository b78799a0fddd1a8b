package io.twinberg.replicator.rewrite.bench;

import io.twinberg.replicator.rewrite.ManifestTranscoder;
import io.twinberg.replicator.rewrite.TranscodedManifest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.SeekableByteArrayInput;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.iceberg.ManifestFixtures;

/** A process that copies a manifest of a million entries and says how long it took. */
public final class LargeManifestCopy {
  private static final int ENTRIES = 5_000;
  private static final int TIMES = 200;

  private LargeManifestCopy() {}

  /** The codec is the only argument. */
  public static void main(String[] arguments) throws IOException {
    byte[] some = ManifestFixtures.manifest(3, "two", arguments[0], ENTRIES, 7).bytes();
    int header = header(some);
    ExecutorService helpers = Executors.newFixedThreadPool(2);
    long start = System.nanoTime();
    TranscodedManifest copied =
        new ManifestTranscoder(
                path -> path.replace("s3://lake/", "s3://replica-of-the-lake/"), helpers, 3)
            .transcode(
                repeated(some, header), OutputStream.nullOutputStream(), (entry, target) -> {});
    helpers.shutdown();
    System.out.printf(
        "entries=%d bytes=%d millis=%d%n",
        copied.entries(), copied.sourceLengthInBytes(), (System.nanoTime() - start) / 1_000_000);
  }

  private static int header(byte[] file) throws IOException {
    try (DataFileReader<Object> reader =
        new DataFileReader<>(new SeekableByteArrayInput(file), new GenericDatumReader<>())) {
      return (int) reader.previousSync();
    }
  }

  /** The same blocks again and again make a large manifest without its memory. */
  private static InputStream repeated(byte[] file, int header) {
    byte[] blocks = Arrays.copyOfRange(file, header, file.length);
    InputStream head = new ByteArrayInputStream(file, 0, header);
    return new java.io.SequenceInputStream(
        Collections.enumeration(
            java.util.stream.Stream.concat(
                    java.util.stream.Stream.of(head),
                    java.util.stream.IntStream.range(0, TIMES)
                        .mapToObj(i -> (InputStream) new ByteArrayInputStream(blocks)))
                .toList()));
  }
}
