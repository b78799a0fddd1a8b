package io.twinberg.proxy.replica;

import io.twinberg.replica.MirroredNamespaces;
import io.twinberg.replica.Replicas;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.iceberg.catalog.Namespace;

/**
 * The namespaces of a destination: those that a source has and a rule covers, those that hold a
 * published replica, and all above them.
 */
final class ReplicaNamespaces {
  private final Replicas replicas;
  private final MirroredNamespaces mirrored;
  private final String destination;

  ReplicaNamespaces(Replicas replicas, MirroredNamespaces mirrored, String destination) {
    this.replicas = replicas;
    this.mirrored = mirrored;
    this.destination = destination;
  }

  boolean exists(Namespace namespace) {
    return namespace.isEmpty() || held().anyMatch(held -> isWithin(held, namespace));
  }

  private Stream<Namespace> held() {
    return Stream.concat(
        mirrored.at(destination).stream(), replicas.namespaces(destination).stream());
  }

  /** Its properties, none where no source has them. */
  Map<String, String> properties(Namespace namespace) {
    return mirrored.properties(destination, namespace);
  }

  /** The namespaces directly below a parent, sorted by their last level. */
  List<Namespace> children(Namespace parent) {
    SortedSet<String> names = new TreeSet<>();
    held()
        .filter(held -> held.length() > parent.length() && isWithin(held, parent))
        .forEach(held -> names.add(held.level(parent.length())));
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
