package io.twinberg.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.io.SeekableInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFileIOTest {
  @TempDir private Path folder;

  private final FileIO io = CatalogUtil.loadFileIO(LocalFileIO.class.getName(), Map.of(), null);

  @Test
  void newOutputFile_written_isReadBackAndSeekable() throws IOException {
    String location = "file:" + folder + "/warehouse/t/metadata/v 1%20.json";
    OutputFile out = io.newOutputFile(location);
    try (PositionOutputStream stream = out.create()) {
      stream.write('a');
      stream.write(new byte[] {'b', 'c', 'd'});
      assertThat(stream.getPos()).isEqualTo(4);
      assertThat(out.toInputFile().exists()).isFalse();
    }

    assertThat(out.location()).isEqualTo(location);
    assertThat(out.toInputFile().location()).isEqualTo(location);
    assertThat(io.newInputFile(location).getLength()).isEqualTo(4);
    try (SeekableInputStream in = io.newInputFile(location).newStream()) {
      in.seek(2);
      assertThat(in.readAllBytes()).containsExactly('c', 'd');
    }
    assertThat(Files.readString(folder.resolve("warehouse/t/metadata/v 1%20.json")))
        .isEqualTo("abcd");
  }

  @Test
  void create_fileThatExists_fails() throws IOException {
    OutputFile out = io.newOutputFile(folder + "/x");
    out.create().close();

    assertThatExceptionOfType(AlreadyExistsException.class)
        .isThrownBy(out::create)
        .withMessageContaining(folder + "/x");
    try (PositionOutputStream stream = out.createOrOverwrite()) {
      stream.write(1);
    }
    try (InputStream in = out.toInputFile().newStream()) {
      assertThat(in.readAllBytes()).containsExactly(1);
    }
  }

  @Test
  void newInputFile_missing_saysSo() {
    assertThat(io.newInputFile(folder + "/none").exists()).isFalse();
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> io.newInputFile(folder + "/none").newStream());
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> io.newInputFile(folder + "/none").getLength());
  }

  @Test
  void deleteFile_existingOrNot_isGone() throws IOException {
    Files.writeString(folder.resolve("x"), "x");
    io.deleteFile("file://" + folder + "/x");
    io.deleteFile("file://" + folder + "/x");

    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }
}
