package io.twinberg.proxy.replica;

import io.twinberg.replica.Replicas;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.iceberg.catalog.Namespace;

/** The namespaces of a destination: those that hold a published replica, and all above them. */
final class ReplicaNamespaces {
  private final Replicas replicas;
  private final String destination;

  ReplicaNamespaces(Replicas replicas, String destination) {
    this.replicas = replicas;
    this.destination = destination;
  }

  boolean exists(Namespace namespace) {
    return namespace.isEmpty()
        || replicas.namespaces(destination).stream().anyMatch(held -> isWithin(held, namespace));
  }

  /** The namespaces directly below a parent, sorted by their last level. */
  List<Namespace> children(Namespace parent) {
    SortedSet<String> names = new TreeSet<>();
    for (Namespace held : replicas.namespaces(destination)) {
      if (held.length() > parent.length() && isWithin(held, parent)) {
        names.add(held.level(parent.length()));
      }
    }
    return names.stream().map(name -> child(parent, name)).toList();
  }

  private static boolean isWithin(Namespace held, Namespace ancestor) {
    return held.length() >= ancestor.length()
        && Arrays.equals(
            held.levels(), 0, ancestor.length(), ancestor.levels(), 0, ancestor.length());
  }

  private static Namespace child(Namespace parent, String name) {
    String[] levels = Arrays.copyOf(parent.levels(), parent.length() + 1);
    levels[parent.length()] = name;
    return Namespace.of(levels);
  }
}
