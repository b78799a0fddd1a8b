package io.twinberg.proxy.management;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.twinberg.config.Grant.Role;
import io.twinberg.operation.Operation;
import io.twinberg.operation.OperationKind;
import io.twinberg.operation.OperationLog;
import io.twinberg.operation.OperationRequest;
import io.twinberg.operation.ReplicaTarget;
import io.twinberg.operation.TargetedReplicas;
import io.twinberg.operation.TooManyOperationsException;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.Query;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import io.twinberg.replica.DroppedReplicas;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Operations: to ask for one, and to see what became of them. */
public final class OperationRoutes implements ManagedRoutes {
  static final String ALL = "/management/v1/operations";
  static final String ONE = "/management/v1/operations/{id}";

  private static final int ACCEPTED = 202;

  private final OperationLog log;
  private final TargetedReplicas replicas;
  private final DropConfirmation drops;
  private final ManagedCatalogs catalogs;
  private final Runnable waits;

  /**
   * The routes.
   *
   * @param waits told when an operation waits
   */
  public OperationRoutes(
      OperationLog log,
      TargetedReplicas replicas,
      DroppedReplicas dropped,
      ManagedCatalogs catalogs,
      Runnable waits) {
    this.log = log;
    this.replicas = replicas;
    this.drops = new DropConfirmation(replicas, dropped);
    this.catalogs = catalogs;
    this.waits = waits;
  }

  @Override
  public List<ManagedRoute> routes() {
    return List.of(
        ManagedRoute.post(ALL, this::request),
        ManagedRoute.get(ALL, this::newest),
        ManagedRoute.get(ONE, this::one),
        new ManagedRoute(HandlerType.DELETE, ONE, Optional.of(Role.OPERATOR), this::cancel));
  }

  private void request(Context context) {
    CallQuery.none(context);
    OperationBody body = OperationBody.parse(context, catalogs, drops);
    new Concern(body.named(), Set.of()).noteIn(context);
    if (body.kind() == OperationKind.DROP) {
      // It may take the last copy of the data away, and nothing brings that back.
      RoleCheck.demand(context, Role.ADMIN);
    }
    OperationRequest request = body.request();
    if (request.kind() != OperationKind.REFRESH && request.kind() != OperationKind.PLAN) {
      requireReplica(request.target());
    }
    Operation operation = requested(request, RoleCheck.callerName(context));
    waits.run();
    new Change(subject(operation), Optional.empty(), Optional.of(OperationJson.brief(operation)))
        .noteIn(context);
    context.header("Location", ALL + "/" + operation.id());
    accepted(context, operation);
  }

  private static String subject(Operation operation) {
    return "operation " + operation.id();
  }

  private static void accepted(Context context, Operation operation) {
    Answers.write(
        context,
        CatalogAnswer.json(
            ACCEPTED, OperationJson.whole(operation).toString().getBytes(StandardCharsets.UTF_8)));
  }

  /** What has ended stays as it is; what runs ends soon. */
  private void cancel(Context context) {
    CallQuery.none(context);
    Operation before = found(context);
    Concern.of(before.request().target()).noteIn(context);
    Operation after = log.cancel(before.id(), RoleCheck.callerName(context)).orElseThrow();
    if (!before.state().finished()) {
      new Change(
              subject(after),
              Optional.of(OperationJson.brief(before)),
              Optional.of(OperationJson.brief(after)))
          .noteIn(context);
    }
    if (after.state().finished()) {
      Answers.json(context, OperationJson.whole(after));
    } else {
      accepted(context, after);
    }
  }

  private Operation requested(OperationRequest request, String caller) {
    try {
      return log.request(request, caller);
    } catch (TooManyOperationsException e) {
      throw new RefusedException(Reason.BUSY, e.getMessage());
    }
  }

  /** An operation on nothing would end well, and so hide a name that is wrong. */
  private void requireReplica(ReplicaTarget target) {
    if (target.table().isPresent() && replicas.ids(target).isEmpty()) {
      throw new RefusedException(
          Reason.NOT_FOUND, "There is no replica of " + target + "; 'twinberg status' shows all.");
    }
  }

  private void newest(Context context) {
    Query query = CallQuery.of(context, List.of("pageSize", "pageToken"));
    int size = CallQuery.size(query);
    Optional<String> before = CallQuery.said(query, "pageToken");
    if (before.isPresent() && log.find(before.get()).isEmpty()) {
      throw StatusQuestion.bad(
          "pageToken '" + before.get() + "' is not one that this API gave; begin without one");
    }
    List<Operation> page = log.newest(before, size);
    ObjectNode body = StatusJson.object();
    ArrayNode array = body.putArray("operations");
    page.forEach(operation -> array.add(OperationJson.brief(operation)));
    body.put("nextPageToken", page.size() == size ? page.get(size - 1).id() : null);
    Answers.json(context, body);
  }

  private void one(Context context) {
    CallQuery.none(context);
    Answers.json(context, OperationJson.whole(found(context)));
  }

  private Operation found(Context context) {
    String id = context.pathParam("id");
    return log.find(id)
        .orElseThrow(
            () ->
                new RefusedException(
                    Reason.NOT_FOUND,
                    "There is no operation '"
                        + id
                        + "'; 'twinberg operations' shows those that are kept: log-retention says for how long."));
  }
}
