package io.twinberg.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/**
 * A real disk of a megabyte that can be full, for files that are no database's ({@link FullDisk} is
 * for those): a file system in memory. Only root on Linux may mount one; tests of others are
 * skipped.
 */
public final class SmallDisk implements AutoCloseable {
  private static final int PAGE = 4096;

  private final Path folder;
  private final Path filler;

  private SmallDisk(Path folder) {
    this.folder = folder;
    this.filler = folder.resolve(".filler");
  }

  /** Mounts one over a folder, which is made. */
  public static SmallDisk at(Path folder) {
    try {
      Files.createDirectories(folder);
      assumeTrue(
          run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder.toString()),
          "this process may mount no file system");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new SmallDisk(folder);
  }

  private static boolean run(String... command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.DISCARD)
            .start();
    try {
      return process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The file that takes the room. */
  public String filler() {
    return filler.toString();
  }

  /** Leaves no room. */
  public void fill() {
    fillBut(0);
  }

  /** Leaves room for some pages of 4 KiB. */
  public void fillBut(int pages) {
    try (OutputStream out = Files.newOutputStream(filler)) {
      writeUntilFull(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    shorten(pages);
    assertThat(folder.toFile().getUsableSpace()).isEqualTo((long) pages * PAGE);
  }

  private static void writeUntilFull(OutputStream out) {
    byte[] page = new byte[PAGE];
    boolean room = true;
    while (room) {
      room = writes(out, page);
    }
  }

  private static boolean writes(OutputStream out, byte[] page) {
    try {
      out.write(page);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void shorten(int pages) {
    try (FileChannel channel = FileChannel.open(filler, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() - (long) pages * PAGE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes room again. */
  public void makeRoom() {
    try {
      Files.deleteIfExists(filler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Unmounts it, with all that is on it. */
  @Override
  public void close() {
    try {
      assertThat(run("umount", folder.toString())).isTrue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
