package io.twinberg.proxy.http;

import io.twinberg.proxy.catalog.Caller;
import java.util.Optional;

/** Finds out who calls; never refuses, since a source may know callers that Twinberg does not. */
@FunctionalInterface
public interface CallerLookup {
  /** The caller at this address with this {@code Authorization} header. */
  Caller caller(Optional<String> authorization, String address);
}
