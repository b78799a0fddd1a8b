package io.twinberg.source;

/** What a catalog answered when asked for credentials. */
public sealed interface Vending {
  /** An answer, perhaps without any. */
  record Vended(TableCredentials credentials) implements Vending {}

  /** No usable answer. */
  record Failed(LoadResult.Failure failure) implements Vending {}
}
