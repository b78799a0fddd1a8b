package io.twinberg.replicator.reconcile;

import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.replica.MirroredNamespace;
import io.twinberg.replica.MirroredNamespaces;
import io.twinberg.replicator.mapping.ReaderProperties;
import io.twinberg.replicator.mapping.ReplicaFolder;
import io.twinberg.source.Listing;
import io.twinberg.source.LoadResult;
import io.twinberg.source.NamespaceResult;
import io.twinberg.source.SourceReader;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.iceberg.catalog.Namespace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a source's namespaces, with their properties, to the destinations where the rules want
 * them: as they are now, since nobody can ask for what they were.
 */
final class NamespaceReconciler {
  private static final Logger LOG = LoggerFactory.getLogger(NamespaceReconciler.class);

  /** What a look at a namespace gave. */
  enum Look {
    PRESENT,
    ABSENT,
    NO_ANSWER
  }

  private final String source;
  private final SourceReader reader;
  private final MirroredNamespaces namespaces;
  private final Targets targets;
  private final Supplier<String> ids;
  private final RequestBudget budget;
  private final CrashPoints crashPoints;

  NamespaceReconciler(
      String source,
      SourceReader reader,
      MirroredNamespaces namespaces,
      Targets targets,
      Supplier<String> ids,
      RequestBudget budget,
      CrashPoints crashPoints) {
    this.source = source;
    this.reader = reader;
    this.namespaces = namespaces;
    this.targets = targets;
    this.ids = ids;
    this.budget = budget;
    this.crashPoints = crashPoints;
  }

  /** Whether any rule wants a namespace. */
  boolean wanted(Namespace namespace) {
    return !targets.ofNamespace(source, namespace).isEmpty();
  }

  /** Asks the source for a namespace, with Twinberg's own identity. */
  Look look(Namespace namespace) {
    List<NamespaceTarget> wanted = targets.ofNamespace(source, namespace);
    budget.take();
    NamespaceResult result = reader.namespace(namespace);
    if (result instanceof NamespaceResult.Found found) {
      wanted.forEach(target -> put(namespace, target, found.properties()));
      return Look.PRESENT;
    }
    LoadResult.Failure failure = ((NamespaceResult.Failed) result).failure();
    return failure instanceof LoadResult.NotFound ? confirmAbsent(namespace) : Look.NO_ANSWER;
  }

  private void put(Namespace namespace, NamespaceTarget target, Map<String, String> properties) {
    String folder =
        ReplicaFolder.folderOf(target.root(), target.namespace(), "namespace", ids.get());
    boolean changed =
        namespaces.put(
            new MirroredNamespace(
                folder.substring(folder.lastIndexOf('-') + 1),
                source,
                namespace,
                target.destination(),
                target.namespace(),
                folder,
                ReaderProperties.of(properties, folder.substring(0, folder.lastIndexOf('/'))),
                false,
                1));
    if (changed) {
      LOG.info(
          "namespace follows source={} namespace={} destination={}",
          source,
          namespace,
          target.destination());
      crashPoints.passed(CrashPoint.NAMESPACE_MIRRORED);
    }
  }

  /** As with tables: only a successful listing without it means that it is gone. */
  private Look confirmAbsent(Namespace namespace) {
    budget.take();
    if (reader.listNamespaces() instanceof Listing.Listed<Namespace> listed
        && !listed.items().contains(namespace)) {
      drop(namespace);
      return Look.ABSENT;
    }
    return Look.NO_ANSWER;
  }

  /** Notices the namespaces that a complete listing does not have. */
  void listed(Collection<Namespace> present) {
    Set<Namespace> there = new HashSet<>(present);
    namespaces.ofSource(source).stream()
        .filter(known -> !there.contains(known))
        .forEach(this::drop);
  }

  private void drop(Namespace namespace) {
    if (namespaces.dropped(source, namespace)) {
      LOG.info("source dropped namespace source={} namespace={}", source, namespace);
      crashPoints.passed(CrashPoint.NAMESPACE_MIRRORED);
    }
  }
}
