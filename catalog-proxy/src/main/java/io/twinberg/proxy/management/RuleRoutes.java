package io.twinberg.proxy.management;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.twinberg.config.FileRules;
import io.twinberg.config.Grant.Role;
import io.twinberg.config.RuleConfig;
import io.twinberg.config.RuleText;
import io.twinberg.database.Database;
import io.twinberg.proxy.catalog.AnsweredException;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.Query;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import io.twinberg.proxy.http.IcebergErrors;
import io.twinberg.rule.LiveRule;
import io.twinberg.rule.LiveRules;
import io.twinberg.rule.RuleEdit;
import io.twinberg.rule.RuleEditor;
import io.twinberg.rule.RuleOrigin;
import io.twinberg.rule.RuleScope;
import io.twinberg.rule.RuleStore;
import io.twinberg.rule.StoredRule;
import io.twinberg.rule.TargetCollisionException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which tables go to which destinations: the rules of the file, which only the file changes, and
 * beside them the API's own.
 *
 * <p>To change rules takes an admin: whoever sends a table to another place decides who may read it
 * there.
 */
public final class RuleRoutes implements ManagedRoutes {
  static final String ALL = "/management/v1/rules";

  private static final int OK = 200;
  private static final int CREATED = 201;

  private final LiveRules rules;
  private final RuleEditor editor;
  private final ManagedCatalogs catalogs;
  private final RuleJson json;

  /** The routes over the rules that hold in this process. */
  public RuleRoutes(
      FileRules file,
      Database database,
      RuleStore store,
      LiveRules rules,
      ManagedCatalogs catalogs) {
    this.rules = rules;
    this.editor = new RuleEditor(file, database, store, rules);
    this.catalogs = catalogs;
    this.json = new RuleJson(file.file());
  }

  @Override
  public List<ManagedRoute> routes() {
    Stream<ManagedRoute> ofScopes =
        Stream.of(RulePath.CATALOG, RulePath.NAMESPACE, RulePath.TABLE)
            .flatMap(
                path ->
                    Stream.of(
                        ManagedRoute.get(path, this::one),
                        change(HandlerType.PUT, path, this::put),
                        change(HandlerType.DELETE, path, this::delete)));
    return Stream.concat(Stream.of(ManagedRoute.get(ALL, this::all)), ofScopes).toList();
  }

  private static ManagedRoute change(HandlerType method, String path, Handler handler) {
    return new ManagedRoute(method, path, Optional.of(Role.ADMIN), handler);
  }

  private void all(Context context) {
    Query query = CallQuery.of(context, List.of("source", "pageSize", "pageToken"));
    RuleQuery.requireKnownSource(query, catalogs);
    rules.refresh();
    RulePage page = RulePage.of(rules.current().rules(), query, CallQuery.size(query));
    ObjectNode body = StatusJson.object();
    page.rules().forEach(rule -> body.withArray("rules").add(json.rule(rule)));
    body.putIfAbsent("rules", StatusJson.object().arrayNode());
    body.put("nextPageToken", page.next().orElse(null));
    Answers.json(context, body);
  }

  private void one(Context context) {
    CallQuery.none(context);
    RuleScope scope = RulePath.scope(context, catalogs);
    rules.refresh();
    LiveRule rule = find(scope).orElseThrow(() -> missing(scope));
    etag(rule).ifPresent(tag -> context.header("ETag", tag));
    Answers.json(context, json.rule(rule));
  }

  private void put(Context context) {
    RuleScope scope = RulePath.scope(context, catalogs);
    RuleEdit.Body body = RuleBody.parse(context, scope, catalogs);
    change(context, scope, Optional.of(body));
  }

  private void delete(Context context) {
    change(context, RulePath.scope(context, catalogs), Optional.empty());
  }

  private void change(Context context, RuleScope scope, Optional<RuleEdit.Body> body) {
    boolean dryRun = RuleQuery.dryRun(context);
    RuleEdit edit =
        new RuleEdit(scope, body, RulePreconditions.of(context), RoleCheck.callerName(context));
    note(context, scope, edit);
    refuseFiles(scope);
    RuleEditor.Result result = attempt(edit, dryRun);
    if (result.outcome() instanceof RuleEdit.Refused refused) {
      throw refusal(scope, refused);
    }
    answer(context, scope, (RuleEdit.Done) result.outcome(), result, dryRun);
  }

  /** A rule is found by the destinations that it had, and by those that it gets. */
  private void note(Context context, RuleScope scope, RuleEdit edit) {
    Stream<RuleConfig> before = find(scope).map(LiveRule::written).stream();
    Stream<RuleConfig> after =
        edit.body().map(body -> RuleText.read(scope.source(), body.json())).stream();
    note(context, scope, Stream.concat(before, after));
  }

  private static void note(Context context, RuleScope scope, Stream<RuleConfig> rules) {
    Set<String> destinations =
        rules.flatMap(rule -> rule.destinations().stream()).collect(Collectors.toSet());
    Concern.of(scope, destinations).noteIn(context);
  }

  private void answer(
      Context context,
      RuleScope scope,
      RuleEdit.Done done,
      RuleEditor.Result result,
      boolean dryRun) {
    // Another process may have changed it meanwhile.
    note(
        context,
        scope,
        Stream.concat(done.before().stream(), done.after().stream())
            .map(rule -> rules.live(rule).written()));
    Optional<JsonNode> before = done.before().map(this::shown);
    Optional<JsonNode> after = done.after().map(this::shown);
    ObjectNode body = StatusJson.object().put("dryRun", dryRun);
    body.set("before", before.orElseGet(StatusJson.object()::nullNode));
    body.set("after", after.orElseGet(StatusJson.object()::nullNode));
    body.set("effects", RuleJson.effects(result.effects()));
    if (!dryRun) {
      done.after()
          .ifPresent(rule -> context.header("ETag", RulePreconditions.etag(rule.revision())));
      new Change("rule for " + scope, before, after).noteIn(context);
    }
    boolean created = before.isEmpty() && !dryRun;
    Answers.write(
        context,
        CatalogAnswer.json(
            created ? CREATED : OK, body.toString().getBytes(StandardCharsets.UTF_8)));
  }

  private JsonNode shown(StoredRule rule) {
    return json.rule(rules.live(rule));
  }

  private RuleEditor.Result attempt(RuleEdit edit, boolean dryRun) {
    try {
      return dryRun ? editor.rehearse(edit) : editor.make(edit);
    } catch (TargetCollisionException e) {
      throw conflict(String.valueOf(e.getMessage()));
    }
  }

  private Optional<LiveRule> find(RuleScope scope) {
    Object wanted = scope.key();
    return rules.current().rules().stream()
        .filter(rule -> rule.written().scope().equals(wanted))
        .findFirst();
  }

  private void refuseFiles(RuleScope scope) {
    find(scope)
        .filter(rule -> rule.origin() instanceof RuleOrigin.File)
        .ifPresent(
            rule -> {
              throw conflict(
                  "the rule for %s is %s, which only the file changes: change it there and restart, or remove it there to have it here"
                      .formatted(scope, json.definedIn((RuleOrigin.File) rule.origin())));
            });
  }

  private static Optional<String> etag(LiveRule rule) {
    return rule.origin() instanceof RuleOrigin.Api api
        ? Optional.of(RulePreconditions.etag(api.stored().revision()))
        : Optional.empty();
  }

  private static RuntimeException refusal(RuleScope scope, RuleEdit.Refused refused) {
    Optional<String> etag = refused.now().map(rule -> RulePreconditions.etag(rule.revision()));
    return switch (refused.why()) {
      case MISSING -> missing(scope);
      case FULL ->
          conflict(
              "there are %,d rules in the API, and no more may be: cover whole namespaces and leave tables out with 'except'"
                  .formatted(RuleStore.MOST));
      case NOTHING_SAID ->
          answered(
              428,
              "there is a rule for %s already, with the ETag %s: send it as If-Match (--if-match) to change just that one, or * to change whatever is there"
                  .formatted(scope, etag.orElse("")),
              etag);
      case STALE ->
          answered(
              412,
              etag.map(
                      tag ->
                          "the rule for %s is not what you take it for: its ETag is %s now; read it again"
                              .formatted(scope, tag))
                  .orElse(
                      "there is no rule for %s any more, or not yet; leave If-Match (--if-match) out to make one"
                          .formatted(scope)),
              etag);
    };
  }

  private static RefusedException missing(RuleScope scope) {
    return new RefusedException(
        Reason.NOT_FOUND,
        "There is no rule for exactly %s; GET %s shows all rules.".formatted(scope, ALL));
  }

  private static AnsweredException conflict(String message) {
    return answered(409, message, Optional.empty());
  }

  private static AnsweredException answered(int status, String message, Optional<String> etag) {
    return new AnsweredException(IcebergErrors.answer(status, message, etag));
  }
}
