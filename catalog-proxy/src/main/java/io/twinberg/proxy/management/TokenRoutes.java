package io.twinberg.proxy.management;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.twinberg.config.Grant.Role;
import io.twinberg.proxy.catalog.AnsweredException;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.Query;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import io.twinberg.proxy.http.IcebergErrors;
import io.twinberg.proxy.management.FileAccess.FileToken;
import io.twinberg.token.ApiToken;
import io.twinberg.token.ApiTokens;
import io.twinberg.token.ApiTokens.Creation;
import io.twinberg.token.ApiTokens.Revocation;
import io.twinberg.token.TokenSecret;
import io.twinberg.token.TokenWatch;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Tokens: those of the configuration to be seen, others to be made and revoked as well. */
public final class TokenRoutes implements ManagedRoutes {
  static final String ALL = "/management/v1/tokens";
  static final String ONE = "/management/v1/tokens/{name}";

  private static final int CREATED = 201;
  private static final int CONFLICT = 409;

  /** What stands in a page's token before the name of the last one on it. */
  private static final String PAGE_AFTER = "tokens after ";

  private final ApiTokens store;
  private final TokenWatch watch;
  private final FileAccess inFile;
  private final ManagedCatalogs catalogs;
  private final Clock clock;

  /**
   * The routes.
   *
   * @param watch looks at once after a change, so that it holds in this process when it is answered
   */
  public TokenRoutes(
      ApiTokens store, TokenWatch watch, FileAccess inFile, ManagedCatalogs catalogs, Clock clock) {
    this.store = store;
    this.watch = watch;
    this.inFile = inFile;
    this.catalogs = catalogs;
    this.clock = clock;
  }

  @Override
  public List<ManagedRoute> routes() {
    return List.of(
        forAdministrators(HandlerType.GET, ALL, this::list),
        forAdministrators(HandlerType.POST, ALL, this::create),
        forAdministrators(HandlerType.GET, ONE, this::one),
        forAdministrators(HandlerType.DELETE, ONE, this::revoke));
  }

  private static ManagedRoute forAdministrators(HandlerType method, String path, Handler handler) {
    return new ManagedRoute(method, path, Optional.of(Role.ADMIN), handler);
  }

  private void list(Context context) {
    Query query = CallQuery.of(context, List.of("pageSize", "pageToken"));
    int size = CallQuery.size(query);
    Optional<String> after = CallQuery.said(query, "pageToken").map(TokenRoutes::lastName);
    TreeMap<String, ObjectNode> all = all();
    List<ObjectNode> rest =
        List.copyOf(after.map(name -> all.tailMap(name, false)).orElse(all).values());
    List<ObjectNode> page = rest.subList(0, Math.min(size, rest.size()));
    ObjectNode body = StatusJson.object();
    ArrayNode array = body.putArray("tokens");
    page.forEach(array::add);
    body.put(
        "nextPageToken",
        rest.size() > size ? pageToken(page.get(size - 1).path("name").asText()) : null);
    Answers.json(context, body);
  }

  private static String pageToken(String lastName) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((PAGE_AFTER + lastName).getBytes(StandardCharsets.UTF_8));
  }

  private static String lastName(String pageToken) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(pageToken), StandardCharsets.UTF_8);
      if (text.startsWith(PAGE_AFTER)) {
        return text.substring(PAGE_AFTER.length());
      }
    } catch (IllegalArgumentException e) {
      throw badPageToken(pageToken);
    }
    throw badPageToken(pageToken);
  }

  private static RefusedException badPageToken(String pageToken) {
    return StatusQuestion.bad(
        "pageToken '%s' is not one that this API gave; begin without one"
            .formatted(TokenSecret.masked(pageToken)));
  }

  /** A token of the file takes the place of another one of its name, which it shows. */
  private TreeMap<String, ObjectNode> all() {
    TreeMap<String, ObjectNode> all = new TreeMap<>();
    store.all().forEach(token -> all.put(token.name(), TokenJson.of(token)));
    for (FileToken token : inFile.tokens()) {
      Optional<ObjectNode> shadowed = Optional.ofNullable(all.get(token.name()));
      all.put(token.name(), TokenJson.of(token, shadowed));
    }
    return all;
  }

  private void one(Context context) {
    CallQuery.none(context);
    String name = context.pathParam("name");
    Answers.json(context, Optional.ofNullable(all().get(name)).orElseThrow(() -> unknown(name)));
  }

  private void create(Context context) {
    CallQuery.none(context);
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    TokenBody body = TokenBody.parse(context, catalogNames(), now);
    requireAccess();
    requireNotInFile(body.name(), "choose another name, or change it there");
    TokenSecret secret = TokenSecret.random();
    ApiToken token =
        new ApiToken(
            body.name(),
            secret.hash(),
            TokenSecret.randomKey(),
            body.grants(),
            RoleCheck.callerName(context),
            now,
            body.expiresAt(),
            Optional.empty());
    requireCreated(store.create(token), token);
    watch.look();
    new Change("token " + token.name(), Optional.empty(), Optional.of(TokenJson.of(token)))
        .noteIn(context);
    answerCreated(context, token, secret);
  }

  private List<String> catalogNames() {
    return Stream.concat(catalogs.sourceNames().stream(), catalogs.destinationNames().stream())
        .sorted()
        .toList();
  }

  private void requireAccess() {
    if (inFile.isOpen()) {
      throw conflict(
          "Without 'access' in the configuration everyone may do everything, so that a token would"
              + " mean nothing. Write 'access: { tokens: [ { name: admin, secret: ..., grants:"
              + " [\"manage:admin\"] } ] }' into it and restart.");
    }
  }

  private void requireNotInFile(String name, String wayOut) {
    if (inFile.token(name).isPresent()) {
      throw conflict(
          "The token '%s' is in the configuration file, under access.tokens; %s and restart."
              .formatted(name, wayOut));
    }
  }

  private static void requireCreated(Creation creation, ApiToken token) {
    if (creation == Creation.NAME_TAKEN) {
      throw conflict(
          "There is a token '%s' already; choose another name, or revoke that one first."
              .formatted(token.name()));
    }
    if (creation == Creation.TOO_MANY) {
      throw conflict(
          "There are %d tokens, which is the most; revoke some that nobody uses."
              .formatted(ApiTokens.MOST));
    }
  }

  private static RefusedException unknown(String name) {
    return new RefusedException(
        Reason.NOT_FOUND, "There is no token '" + name + "'; 'twinberg tokens' shows all.");
  }

  private static AnsweredException conflict(String message) {
    return new AnsweredException(IcebergErrors.answer(CONFLICT, message));
  }

  /** The one time that the secret is shown. */
  private static void answerCreated(Context context, ApiToken token, TokenSecret secret) {
    ObjectNode body = TokenJson.of(token).put("secret", secret.value());
    context.header("Location", ALL + "/" + token.name());
    Answers.write(
        context, CatalogAnswer.json(CREATED, body.toString().getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Takes the API's token away, also one that the file's of this name hides: else it would be back
   * when that is taken out.
   */
  private void revoke(Context context) {
    CallQuery.none(context);
    String name = context.pathParam("name");
    ObjectNode before = Optional.ofNullable(all().get(name)).orElseThrow(() -> unknown(name));
    requireRevoked(
        name, store.revoke(name, inFile.names(), inFile.hasAdministrator(), clock.instant()));
    watch.look();
    Optional<JsonNode> after =
        inFile.token(name).map(token -> TokenJson.of(token, Optional.empty()));
    new Change("token " + name, Optional.of(before), after).noteIn(context);
    Answers.json(context, before);
  }

  private void requireRevoked(String name, Revocation revocation) {
    if (revocation == Revocation.UNKNOWN) {
      requireNotInFile(name, "take it out there");
      throw unknown(name);
    }
    if (revocation == Revocation.LAST_ADMINISTRATOR) {
      throw conflict(
          "The token '%s' is the last one with manage:admin; make another one first, or write one into the file."
              .formatted(name));
    }
  }
}
