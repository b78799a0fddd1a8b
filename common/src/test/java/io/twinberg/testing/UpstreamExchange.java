package io.twinberg.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One request to a catalog behind a {@link FaultyUpstream}, and what became of it so far. */
public final class UpstreamExchange {
  private final String method;
  private final String path;
  private final Optional<UpstreamFault> fault;
  private final List<Integer> answered = new ArrayList<>();

  UpstreamExchange(String method, String path, Optional<UpstreamFault> fault) {
    this.method = method;
    this.path = path;
    this.fault = fault;
  }

  /** The request's method. */
  public String method() {
    return method;
  }

  /** The request's path, without query. */
  public String path() {
    return path;
  }

  /** What it met. */
  public Optional<UpstreamFault> fault() {
    return fault;
  }

  /** The status of each answer of the catalog, in their order. */
  public synchronized List<Integer> answered() {
    return List.copyOf(answered);
  }

  /** Whether the catalog did what it was asked. */
  public synchronized boolean done() {
    return answered.stream().anyMatch(status -> status / 100 == 2);
  }

  synchronized void answered(int status) {
    answered.add(status);
  }

  @Override
  public String toString() {
    return "%s %s %s %s"
        .formatted(method, path, fault.map(Object::toString).orElse("-"), answered());
  }
}
