package io.twinberg.it.kill;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.stream.Collectors;

/** The answers to commits, written down outside the server and synced before the next commit. */
final class WhatClientsWereTold implements AutoCloseable {
  private final Path file;
  private final OutputStream out;

  /**
   * One commit.
   *
   * @param snapshot the id of the snapshot that it adds
   */
  record Commit(String table, long snapshot) {}

  WhatClientsWereTold(Path file) {
    this.file = file;
    try {
      out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.DSYNC);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void acknowledged(Commit commit) {
    write("acknowledged", commit);
  }

  void rejected(Commit commit) {
    write("rejected", commit);
  }

  Set<Commit> acknowledged() {
    return read("acknowledged");
  }

  Set<Commit> rejected() {
    return read("rejected");
  }

  private synchronized void write(String answer, Commit commit) {
    String line = "%s %s %d%n".formatted(answer, commit.table(), commit.snapshot());
    try {
      out.write(line.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized Set<Commit> read(String answer) {
    try {
      return Files.readAllLines(file).stream()
          .map(line -> line.split(" "))
          .filter(words -> words[0].equals(answer))
          .map(words -> new Commit(words[1], Long.parseLong(words[2])))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
