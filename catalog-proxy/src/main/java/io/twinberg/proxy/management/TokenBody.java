package io.twinberg.proxy.management;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.twinberg.config.Durations;
import io.twinberg.config.Grant;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The body of a request for a token. */
record TokenBody(String name, List<Grant> grants, Optional<Instant> expiresAt) {
  private static final Set<String> FIELDS = Set.of("name", "grants", "expiresAt", "expiresIn");
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final int MOST_GRANTS = 100;

  /** A hundred years, as for durations of the configuration. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  /**
   * What the body asks for.
   *
   * @throws RefusedException when it is not well-formed, names a catalog that there is not, or asks
   *     for an end that has passed
   */
  static TokenBody parse(Context context, List<String> catalogs, Instant now) {
    ObjectNode body = JsonBody.of(context, "token");
    Set<String> unknown = new TreeSet<>();
    body.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(FIELDS);
    if (!unknown.isEmpty()) {
      throw StatusQuestion.bad(
          "a token has no " + unknown + "; there are " + new TreeSet<>(FIELDS));
    }
    return new TokenBody(name(body), grants(body, catalogs), end(body, now));
  }

  private static String name(ObjectNode body) {
    String name = text(body, "name").orElseThrow(() -> StatusQuestion.bad("name is missing"));
    if (!NAME.matcher(name).matches()) {
      throw StatusQuestion.bad(
          "name must be up to 63 of a-z, 0-9 and hyphens, not beginning with a hyphen, not '%s'"
              .formatted(name));
    }
    return name;
  }

  private static List<Grant> grants(ObjectNode body, List<String> catalogs) {
    JsonNode written = body.path("grants");
    if (!written.isArray() || written.isEmpty() || written.size() > MOST_GRANTS) {
      throw StatusQuestion.bad(
          "grants must be an array of 1 to " + MOST_GRANTS + ", such as [\"read:eu\"]");
    }
    List<Grant> grants = new ArrayList<>();
    written.forEach(grant -> grants.add(grant(grant, catalogs)));
    return grants;
  }

  private static Grant grant(JsonNode written, List<String> catalogs) {
    try {
      Grant grant = Grant.parse(written.textValue() == null ? "" : written.textValue());
      if (grant instanceof Grant.OnCatalog one) {
        requireCatalog(one, catalogs);
      }
      return grant;
    } catch (IllegalArgumentException e) {
      throw StatusQuestion.bad("the grant " + written + " is none: it " + e.getMessage());
    }
  }

  /** Only the file gives names to catalogs: a grant on another one would never mean anything. */
  private static void requireCatalog(Grant.OnCatalog grant, List<String> catalogs) {
    if (!catalogs.contains(grant.catalog())) {
      throw new RefusedException(
          Reason.NOT_FOUND,
          "There is no source or destination '%s' for the grant %s%s There are: %s"
              .formatted(
                  grant.catalog(),
                  grant.text(),
                  StatusQuestion.hint(grant.catalog(), catalogs),
                  String.join(", ", catalogs)));
    }
  }

  private static Optional<Instant> end(ObjectNode body, Instant now) {
    Optional<String> at = text(body, "expiresAt");
    Optional<String> in = text(body, "expiresIn");
    if (at.isPresent() && in.isPresent()) {
      throw StatusQuestion.bad("write expiresAt or expiresIn, not both");
    }
    Optional<Instant> end = at.map(TokenBody::instant).or(() -> in.map(it -> now.plus(after(it))));
    if (end.filter(it -> !it.isAfter(now) || it.isAfter(now.plus(LONGEST))).isPresent()) {
      throw StatusQuestion.bad(
          "the token would end at %s; it must end in the future, within a hundred years"
              .formatted(end.get()));
    }
    return end;
  }

  private static Instant instant(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw StatusQuestion.bad(
          "expiresAt must be a time such as 2027-01-31T12:00:00Z, not '" + text + "'");
    }
  }

  private static Duration after(String text) {
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw StatusQuestion.bad("expiresIn " + e.getMessage() + ", not '" + text + "'");
    }
  }

  private static Optional<String> text(ObjectNode body, String field) {
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
