package io.twinberg.proxy.management;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.twinberg.audit.AuditScope;
import io.twinberg.operation.OperationKind;
import io.twinberg.operation.OperationRequest;
import io.twinberg.operation.ReplicaTarget;
import io.twinberg.operation.RowScope;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import io.twinberg.rule.RuleScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/** The body of a request for an operation. */
final class OperationBody {
  private static final Set<String> FIELDS =
      Set.of(
          "kind", "source", "destination", "namespace", "table", "all", "rows", "rule", "confirm");

  private final JsonNode body;
  private final ManagedCatalogs catalogs;
  private final DropConfirmation drops;

  private OperationBody(JsonNode body, ManagedCatalogs catalogs, DropConfirmation drops) {
    this.body = body;
    this.catalogs = catalogs;
    this.drops = drops;
  }

  /**
   * Reads a body.
   *
   * @throws RefusedException when it is no JSON object
   */
  static OperationBody parse(Context context, ManagedCatalogs catalogs, DropConfirmation drops) {
    return new OperationBody(JsonBody.of(context, "operation"), catalogs, drops);
  }

  /**
   * What the body asks for.
   *
   * @throws RefusedException when it is not well-formed, or names a source or destination that
   *     there is not
   * @throws io.twinberg.proxy.catalog.AnsweredException when it asks for a drop that is not
   *     confirmed
   */
  OperationRequest request() {
    Set<String> unknown = new TreeSet<>();
    body.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(FIELDS);
    if (!unknown.isEmpty()) {
      throw StatusQuestion.bad(
          "an operation has no " + unknown + "; there are " + new TreeSet<>(FIELDS));
    }
    OperationKind kind = kind();
    boolean isPlan = kind == OperationKind.PLAN;
    ReplicaTarget target =
        new ReplicaTarget(
            known("source", catalogs.sourceNames()),
            known("destination", catalogs.destinationNames()),
            isPlan ? Optional.empty() : table());
    boolean all = all(target);
    if (!isPlan && body.has("rule")) {
      throw StatusQuestion.bad(kind.word() + " has no rule");
    }
    if (kind != OperationKind.VERIFY && body.has("rows")) {
      throw StatusQuestion.bad(kind.word() + " has no rows");
    }
    if (kind != OperationKind.DROP && body.has("confirm")) {
      throw StatusQuestion.bad(kind.word() + " needs no confirm");
    }
    return switch (kind) {
      case VERIFY -> new OperationRequest.Verify(target, rows());
      case RETRY -> new OperationRequest.Retry(meant(kind, target, all));
      case PAUSE -> new OperationRequest.Pause(meant(kind, target, all));
      case RESUME -> new OperationRequest.Resume(meant(kind, target, all));
      case REFRESH -> refresh(target);
      case RESYNC -> new OperationRequest.Resync(meant(kind, target, all));
      case PLAN -> plan(target);
      case DROP -> drops.confirmed(target, text("confirm"));
    };
  }

  /** Whatever a rule can cover, such as a namespace, and not only what has replicas. */
  private OperationRequest plan(ReplicaTarget target) {
    RuleScope scope =
        scope(target.source().orElseThrow(() -> StatusQuestion.bad("plan needs a source")));
    JsonNode rule = body.path("rule");
    return new OperationRequest.Plan(
        scope,
        target.destination(),
        rule.isMissingNode() || rule.isNull()
            ? Optional.empty()
            : Optional.of(RuleBody.parse(rule, scope, target.destination(), catalogs)));
  }

  private RuleScope scope(String source) {
    List<String> levels = levels();
    try {
      return new RuleScope(
          source,
          levels.isEmpty()
              ? Optional.empty()
              : Optional.of(Namespace.of(levels.toArray(String[]::new))),
          text("table"));
    } catch (IllegalArgumentException e) {
      throw StatusQuestion.bad("plan is about what a rule can cover: " + e.getMessage());
    }
  }

  /** Whether everything is asked for in so many words. */
  private boolean all(ReplicaTarget target) {
    JsonNode all = body.path("all");
    if (!all.isMissingNode() && !all.isBoolean()) {
      throw StatusQuestion.bad("all must be true or false");
    }
    if (all.asBoolean() && !target.equals(ReplicaTarget.ALL)) {
      throw StatusQuestion.bad("all stands alone, without a source, a destination or a table");
    }
    return all.asBoolean();
  }

  /** What was left out must not mean everything, where much would come of it. */
  private static ReplicaTarget meant(OperationKind kind, ReplicaTarget target, boolean all) {
    if (target.equals(ReplicaTarget.ALL) && !all) {
      throw StatusQuestion.bad(
          kind.word()
              + " needs a source, a destination or a table; for everything send \"all\": true (--all)");
    }
    return target;
  }

  private static OperationRequest refresh(ReplicaTarget target) {
    if (target.source().isEmpty() || target.destination().isPresent()) {
      throw StatusQuestion.bad("refresh needs a source, and has no destination");
    }
    return new OperationRequest.Refresh(target);
  }

  /** What the body names, whether there is such a thing or not. */
  AuditScope named() {
    return NamedScope.of(body);
  }

  /** What kind of operation the body asks for. */
  OperationKind kind() {
    String word = text("kind").orElse("");
    List<String> words = OperationKind.words();
    return OperationKind.ofWord(word)
        .orElseThrow(
            () ->
                StatusQuestion.bad(
                    "kind must be one of "
                        + String.join(", ", words)
                        + ", not '"
                        + word
                        + "'"
                        + StatusQuestion.hint(word, words)));
  }

  private RowScope rows() {
    String word = text("rows").orElse(RowScope.NONE.word());
    return RowScope.ofWord(word)
        .orElseThrow(
            () -> StatusQuestion.bad("rows must be none, current or all, not '" + word + "'"));
  }

  private Optional<String> known(String kind, List<String> names) {
    Optional<String> name = text(kind);
    if (name.isPresent() && !names.contains(name.get())) {
      throw new RefusedException(
          Reason.NOT_FOUND,
          "There is no %s '%s'%s There are: %s"
              .formatted(
                  kind,
                  name.get(),
                  StatusQuestion.hint(name.get(), names),
                  String.join(", ", names)));
    }
    return name;
  }

  private Optional<TableIdentifier> table() {
    Optional<String> name = text("table");
    List<String> levels = levels();
    if (name.isPresent() == levels.isEmpty()) {
      throw StatusQuestion.bad("a table needs its namespace, and a namespace a table");
    }
    return name.map(text -> TableIdentifier.of(Namespace.of(levels.toArray(String[]::new)), text));
  }

  private List<String> levels() {
    JsonNode namespace = body.path("namespace");
    List<String> levels = new ArrayList<>();
    for (JsonNode level : namespace) {
      if (!level.isTextual() || level.textValue().isEmpty()) {
        throw badNamespace();
      }
      levels.add(level.textValue());
    }
    if (!namespace.isArray() && !namespace.isMissingNode() && !namespace.isNull()) {
      throw badNamespace();
    }
    return levels;
  }

  private static RefusedException badNamespace() {
    return StatusQuestion.bad("namespace must be an array of its levels, such as [\"sales\"]");
  }

  private Optional<String> text(String field) {
    JsonNode value = body.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isTextual() || value.textValue().isEmpty()) {
      throw StatusQuestion.bad(field + " must be a text that is not empty");
    }
    return Optional.of(value.textValue());
  }
}
