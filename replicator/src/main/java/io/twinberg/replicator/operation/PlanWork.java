package io.twinberg.replicator.operation;

import io.twinberg.log.SourceTables;
import io.twinberg.operation.OperationRequest;
import io.twinberg.operation.Outcome;
import io.twinberg.replica.ErrorCode;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaFailure;
import io.twinberg.replica.TargetTakenException;
import io.twinberg.replicator.lane.Failures;
import io.twinberg.replicator.plan.TooManyFilesException;
import io.twinberg.replicator.reconcile.RequestBudget;
import io.twinberg.replicator.reconcile.Target;
import io.twinberg.replicator.reconcile.Targets;
import io.twinberg.replicator.settings.ReplicatorEnds;
import io.twinberg.replicator.verify.StoppedException;
import io.twinberg.source.LoadResult;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * Counts what rules would copy, table after table, and writes nothing to any store or to the log. A
 * table that cannot be read ends nothing: the result says why.
 */
final class PlanWork {
  private final Map<String, ReplicatorEnds.Source> sources;
  private final Map<String, RequestBudget> budgets;
  private final Map<String, ReplicatorEnds.Destination> destinations;
  private final Targets targets;
  private final SourceTables tables;
  private final PlannedReplicas replicas;
  private final ReplicaForecast forecast;

  /**
   * @param requestsPerSecond how often each source is asked at most
   */
  PlanWork(
      ReplicatorEnds ends,
      Targets targets,
      SourceTables tables,
      PlannedReplicas replicas,
      ReplicaForecast forecast,
      int requestsPerSecond) {
    this.sources =
        ends.sources().stream()
            .collect(Collectors.toMap(ReplicatorEnds.Source::name, Function.identity()));
    this.budgets =
        ends.sources().stream()
            .collect(
                Collectors.toMap(
                    ReplicatorEnds.Source::name, any -> new RequestBudget(requestsPerSecond)));
    this.destinations =
        ends.destinations().stream()
            .collect(Collectors.toMap(ReplicatorEnds.Destination::name, Function.identity()));
    this.targets = targets;
    this.tables = tables;
    this.replicas = replicas;
    this.forecast = forecast;
  }

  Outcome run(OperationRequest.Plan request, RunningOperation running) throws InterruptedException {
    ReplicatorEnds.Source source = sources.get(request.scope().source());
    if (source == null) {
      return Outcome.failed(
          "the source " + request.scope().source() + " is not in the configuration any more");
    }
    Optional<Targets> rules =
        request.rule().isEmpty()
            ? Optional.of(targets)
            : targets.ofRule(request.scope(), request.rule().get());
    if (rules.isEmpty()) {
      return Outcome.failed(
          "the file has a rule for exactly %s, which would hold in the place of this one; leave the rule out to plan what the file's copies"
              .formatted(request.scope()));
    }
    PlanResult result = new PlanResult();
    new OneSource(source, result, running).plan(request, rules.get());
    return Outcome.completed(result.summary(), result.json().toString());
  }

  /** The work on one source. */
  private final class OneSource {
    private final ReplicatorEnds.Source source;
    private final RequestBudget budget;
    private final PlanResult result;
    private final RunningOperation running;

    OneSource(ReplicatorEnds.Source source, PlanResult result, RunningOperation running) {
      this.source = source;
      this.budget = budgets.get(source.name());
      this.result = result;
      this.running = running;
    }

    void plan(OperationRequest.Plan request, Targets rules) throws InterruptedException {
      running.part("listing source " + source.name());
      ListedTables listed =
          ListedTables.of(request.scope(), source.reader(), budget, tables, () -> running.at(""));
      listed.notes().forEach(result::note);
      Map<TableIdentifier, List<Target>> wanted = wanted(request, rules, listed.names());
      int done = 0;
      for (Map.Entry<TableIdentifier, List<Target>> table : wanted.entrySet()) {
        done++;
        running.part("table %d of %d, %s".formatted(done, wanted.size(), table.getKey()));
        plan(table.getKey(), table.getValue());
      }
    }

    private Map<TableIdentifier, List<Target>> wanted(
        OperationRequest.Plan request, Targets rules, List<TableIdentifier> names) {
      Map<TableIdentifier, List<Target>> wanted = new LinkedHashMap<>();
      for (TableIdentifier name : names) {
        List<Target> of =
            rules.of(source.name(), name).stream()
                .filter(
                    target -> request.destination().map(target.destination()::equals).orElse(true))
                .toList();
        if (!of.isEmpty()) {
          wanted.put(name, of);
        }
      }
      return wanted;
    }

    private void plan(TableIdentifier table, List<Target> wanted) throws InterruptedException {
      budget.take();
      LoadResult found = source.reader().load(table);
      result.table();
      for (Target target : wanted) {
        if (found instanceof LoadResult.Loaded loaded) {
          plan(loaded, replicas.of(source.name(), table, loaded.tableUuid(), target));
        } else if (found instanceof LoadResult.Failure failure) {
          result.refused(table, target, code(failure), failure.detail(), Optional.empty());
        }
      }
    }

    private static String code(LoadResult.Failure failure) {
      if (failure instanceof LoadResult.NotFound) {
        return PlanProblem.NOT_FOUND.name();
      }
      return failure instanceof LoadResult.Denied
          ? ErrorCode.SOURCE_DENIED.name()
          : ErrorCode.SOURCE_UNAVAILABLE.name();
    }

    private void plan(LoadResult.Loaded loaded, PlannedReplica planned)
        throws InterruptedException {
      Optional<String> taken = result.take(planned).or(() -> inTheWay(planned));
      if (taken.isPresent()) {
        refused(planned, PlanProblem.TARGET_TAKEN.name(), taken.get(), Optional.empty());
        return;
      }
      ReplicatorEnds.Destination destination = destinations.get(planned.target().destination());
      try {
        result.planned(
            planned, forecast.of(loaded, planned, source, destination, () -> running.at("")));
      } catch (StoppedException e) {
        throw e;
      } catch (TooManyFilesException e) {
        refused(
            planned,
            PlanProblem.TOO_MANY_FILES.name(),
            String.valueOf(e.getMessage()),
            Optional.empty());
      } catch (RuntimeException e) {
        ReplicaFailure failure =
            Failures.of(
                e, planned.table().toString(), ReplicaForecast.folder(planned), Instant.EPOCH);
        refused(planned, failure.code(), failure.message(), failure.file());
      }
    }

    private Optional<String> inTheWay(PlannedReplica planned) {
      return replicas.inTheWay(source.name(), planned).map(owner -> taken(planned, owner));
    }

    private static String taken(PlannedReplica planned, Replica owner) {
      Target target = planned.target();
      return String.valueOf(
          new TargetTakenException(target.destination(), target.name(), owner).getMessage());
    }

    private void refused(
        PlannedReplica planned, String code, String message, Optional<String> file) {
      result.refused(planned.table(), planned.target(), code, message, file);
    }
  }
}
