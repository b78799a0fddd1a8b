package io.twinberg.config;

/** With which credentials Twinberg reads the files of a source. */
public enum SourceCredentials {
  /** Those in its storage settings, or the environment's. */
  STATIC,
  /** Those that the catalog hands out for each table. */
  VENDED
}
