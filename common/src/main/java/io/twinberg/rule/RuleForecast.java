package io.twinberg.rule;

import io.twinberg.config.RuleConfig;
import io.twinberg.config.RuleMatcher;
import io.twinberg.database.Database;
import io.twinberg.replica.ReplicaLifecycle;
import io.twinberg.rule.KnownTable.Held;
import io.twinberg.rule.NewTables.DecidedBy;
import io.twinberg.rule.RuleEffects.AtDestination;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * Says what a change of rules means for the tables that are known, before it is made; refuses one
 * by which two of them would meet.
 */
final class RuleForecast {
  private final KnownTables known;
  private final TargetNames names;

  RuleForecast(Database database, TargetNames names) {
    this.known = new KnownTables(database);
    this.names = names;
  }

  private record Place(String destination, TableIdentifier name) {
    @Override
    public String toString() {
      return name + " at destination " + destination;
    }
  }

  /**
   * What a change means.
   *
   * @throws TargetCollisionException when two tables would get one place
   */
  RuleEffects of(RuleMatcher before, RuleMatcher after, RuleEdit edit) {
    RuleScope scope = edit.scope();
    List<KnownTable> all = known.read();
    refuseCollisions(all, before, after);
    SortedMap<String, AtDestination> destinations = new TreeMap<>();
    SortedMap<String, Long> moves = new TreeMap<>();
    long tables = 0;
    for (KnownTable table : all) {
      if (table.present() && table.source().equals(scope.source()) && scope.covers(table.name())) {
        tables++;
        count(table, places(after, table), destinations, moves);
      }
    }
    return new RuleEffects(tables, destinations, moves, newTables(after, edit));
  }

  private static NewTables newTables(RuleMatcher after, RuleEdit edit) {
    Optional<RuleConfig> deciding = deciding(after, edit.scope());
    return new NewTables(
        edit.body()
            .map(body -> body.enabled() ? DecidedBy.RULE : DecidedBy.DISABLED_RULE)
            .orElse(deciding.isPresent() ? DecidedBy.WIDER_RULE : DecidedBy.NO_RULE),
        deciding.map(RuleConfig::destinations).orElse(List.of()));
  }

  /** The rule that decides about whatever of a scope no narrower rule covers. */
  private static Optional<RuleConfig> deciding(RuleMatcher rules, RuleScope scope) {
    Namespace namespace = scope.namespace().orElse(Namespace.empty());
    return scope.table().isPresent()
        ? rules.rule(scope.source(), TableIdentifier.of(namespace, scope.table().get()))
        : rules.rules(scope.source(), namespace).stream()
            .filter(rule -> rule.table().isEmpty())
            .findFirst();
  }

  private void count(
      KnownTable table,
      Map<String, Place> wanted,
      SortedMap<String, AtDestination> destinations,
      SortedMap<String, Long> moves) {
    List<String> begun = new ArrayList<>();
    List<String> left = new ArrayList<>();
    Map<String, Held> present = new LinkedHashMap<>();
    table.replicas().forEach(replica -> present.put(replica.destination(), replica));
    wanted.forEach(
        (destination, place) -> {
          Held replica = present.remove(destination);
          if (replica == null) {
            begun.add(destination);
          }
          add(destinations, destination, wanted(replica, place));
        });
    present.forEach(
        (destination, replica) -> {
          if (replica.lifecycle() == ReplicaLifecycle.ACTIVE) {
            left.add(destination);
            add(destinations, destination, new AtDestination(0, 0, 1, 0, 0));
          }
        });
    if (!begun.isEmpty() && !left.isEmpty()) {
      String move = String.join(" and ", begun) + " instead of " + String.join(" and ", left);
      moves.merge(move, 1L, Long::sum);
    }
  }

  private static AtDestination wanted(@Nullable Held replica, Place place) {
    if (replica == null) {
      return new AtDestination(1, 0, 0, 0, 0);
    }
    if (replica.lifecycle() != ReplicaLifecycle.ACTIVE) {
      return new AtDestination(0, 1, 0, 0, 0);
    }
    return replica.name().equals(place.name())
        ? new AtDestination(0, 0, 0, 0, 1)
        : new AtDestination(0, 0, 0, 1, 0);
  }

  private static void add(
      SortedMap<String, AtDestination> destinations, String destination, AtDestination more) {
    destinations.merge(destination, more, AtDestination::plus);
  }

  private Map<String, Place> places(RuleMatcher rules, KnownTable table) {
    Map<String, Place> places = new LinkedHashMap<>();
    if (!table.present()) {
      return places;
    }
    rules
        .rule(table.source(), table.name())
        .ifPresent(
            rule ->
                rule.destinations().forEach(to -> places.put(to, place(rule, to, table.name()))));
    return places;
  }

  private Place place(RuleConfig rule, String destination, TableIdentifier table) {
    return new Place(destination, names.of(rule, destination, table));
  }

  /** Only what the change itself brings about: what met before is no reason to refuse it. */
  private void refuseCollisions(List<KnownTable> all, RuleMatcher before, RuleMatcher after) {
    Map<Place, KnownTable> owners = new HashMap<>();
    Map<Place, KnownTable> added = new LinkedHashMap<>();
    for (KnownTable table : all) {
      Map<String, Place> old = places(before, table);
      for (Place place : places(after, table).values()) {
        boolean isNew = !place.equals(old.get(place.destination()));
        KnownTable owner = isNew ? owners.get(place) : added.get(place);
        if (owner != null) {
          throw collision(place, owner, table);
        }
        owners.putIfAbsent(place, table);
        if (isNew) {
          added.put(place, table);
        }
      }
    }
    refuseHeld(all, added);
  }

  /** What follows nothing makes way for tables of its own source, and for no others. */
  private static void refuseHeld(List<KnownTable> all, Map<Place, KnownTable> added) {
    for (KnownTable holder : all) {
      for (Held held : holder.replicas()) {
        Place place = new Place(held.destination(), held.name());
        KnownTable table = added.get(place);
        if (table != null && !holder.source().equals(table.source())) {
          throw collision(place, holder, table);
        }
      }
    }
  }

  private static TargetCollisionException collision(Place place, KnownTable one, KnownTable other) {
    return new TargetCollisionException(
        "%s and %s would both be %s; give them places of their own with namespace-mapping: \"{source}.{namespace}\", or leave one out with 'except'"
            .formatted(one, other, place));
  }
}
