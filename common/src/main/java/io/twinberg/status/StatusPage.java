package io.twinberg.status;

import java.util.List;
import java.util.Optional;

/** Some replicas in the order of their list, and where the next page goes on, if there is one. */
public record StatusPage(List<ReplicaStatus> replicas, Optional<StatusCursor> next) {
  /** Copies the list. */
  public StatusPage {
    replicas = List.copyOf(replicas);
  }
}
