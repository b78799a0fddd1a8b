package io.twinberg.command;

final class ManagementParts implements AutoCloseable {
  ManagementParts(Object... o) {}

  void start() {}

  int port() {
    return 0;
  }

  @Override
  public void close() {}
}
