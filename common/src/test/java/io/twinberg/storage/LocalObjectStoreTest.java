package io.twinberg.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.twinberg.storage.StoreException.Kind;
import io.twinberg.testing.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalObjectStoreTest extends ObjectStoreContract {
  @TempDir private Path folder;

  @Override
  ObjectStore store() {
    return new LocalObjectStore();
  }

  @Override
  String root() {
    return "file:" + folder + "/root/";
  }

  @Override
  List<String> leftovers() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).map(Path::toString).toList();
    }
  }

  @Test
  void location_inAnySpelling_isTheSameFile() throws IOException {
    store().put("file://" + folder + "/spelling", new byte[] {1});

    assertThat(read("file:" + folder + "/spelling")).containsExactly(1);
    assertThat(read(folder + "/spelling")).containsExactly(1);
    assertThat(folder.resolve("spelling")).hasBinaryContent(new byte[] {1});
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:/no-such-folder/../x",
        "file:/no-such-folder/./x",
        "file:/..",
        "/no-such-folder/..",
        "file:relative",
        "file://host/x",
        "file:/no-such-folder/",
        "file:/nul\0byte"
      })
  void location_thatLeadsElsewhere_isRefused(String location) {
    assertFails(Kind.INVALID, location, () -> store().open(location));
    assertFails(Kind.INVALID, location, () -> store().length(location));
  }

  @Test
  void open_folder_isMissing() throws IOException {
    Files.createDirectories(folder.resolve("sub"));

    assertFails(Kind.MISSING, folder + "/sub", () -> read(folder + "/sub"));
    assertThat(store().length(folder + "/sub")).isEmpty();
  }

  @Test
  void create_whileOpen_isNotListed() throws IOException {
    try (StoreOutput out = store().create(root() + "half")) {
      out.write(random(100_000));

      assertThat(leftovers()).hasSize(1);
      assertThat(store().list(root())).isEmpty();
    }
    assertThat(leftovers()).containsExactly(folder + "/root/half");
  }

  @Test
  void put_whereAFileIsInTheWay_failsAndLeavesNothing() throws IOException {
    Files.createFile(folder.resolve("file"));

    assertFails(
        Kind.UNAVAILABLE, folder + "/file/x", () -> store().put(folder + "/file/x", new byte[1]));
    assertThat(leftovers()).containsExactly(folder + "/file");
  }

  @Test
  void put_onAFullDisk_saysSoAndLeavesWhatWasThere() throws IOException {
    try (SmallDisk disk = SmallDisk.at(folder.resolve("root"))) {
      store().put(root() + "kept", new byte[] {1});
      disk.fillBut(4);

      assertFullDisk("kept", () -> store().put(root() + "kept", random(100_000)));
      assertFullDisk("new", () -> store().put(root() + "new", random(100_000)));
      assertThat(read(root() + "kept")).containsExactly(1);
      assertThat(leftovers()).containsExactlyInAnyOrder(folder + "/root/kept", disk.filler());

      disk.makeRoom();
      store().put(root() + "new", random(100_000));
      assertThat(read(root() + "new")).hasSize(100_000);
    }
  }

  @Test
  void copy_ontoAFullDisk_saysSoAndLeavesNothing() throws IOException {
    store().put(folder + "/source", random(100_000));
    try (SmallDisk disk = SmallDisk.at(folder.resolve("root"))) {
      disk.fillBut(4);

      assertFullDisk("new", () -> store().copy(folder + "/source", root() + "new", 100_000));
      assertThat(leftovers()).containsExactlyInAnyOrder(folder + "/source", disk.filler());
    }
  }

  private void assertFullDisk(String name, ThrowingCallable write) {
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(write)
        .withMessageContaining(root() + name)
        .withMessageContaining("No space left on device")
        .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE))
        .satisfies(failure -> assertThat(failure.location()).isEqualTo(root() + name));
  }
}
