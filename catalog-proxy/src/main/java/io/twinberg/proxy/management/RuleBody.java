package io.twinberg.proxy.management;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.twinberg.config.ConfigException;
import io.twinberg.config.RuleConfig;
import io.twinberg.config.RuleText;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import io.twinberg.rule.RuleEdit;
import io.twinberg.rule.RuleScope;
import java.util.List;
import java.util.Optional;

/** The body of a PUT: the keys of a rule in the file, and {@code status}. */
final class RuleBody {
  static final String STATUS = "status";
  static final String ENABLED = "enabled";
  static final String DISABLED = "disabled";

  private static final int LONGEST = 64 << 10;
  private final ObjectNode body;

  private RuleBody(ObjectNode body) {
    this.body = body;
  }

  /**
   * Reads and checks a body.
   *
   * @throws RefusedException with everything that is wrong
   */
  static RuleEdit.Body parse(Context context, RuleScope scope, ManagedCatalogs catalogs) {
    requireShort(context.bodyAsBytes().length);
    return new RuleBody(JsonBody.of(context, "rule")).checked(scope, Optional.empty(), catalogs);
  }

  /**
   * Checks a rule that is part of a larger body.
   *
   * @param destination that it must go to, if any
   * @throws RefusedException with everything that is wrong
   */
  static RuleEdit.Body parse(
      JsonNode rule, RuleScope scope, Optional<String> destination, ManagedCatalogs catalogs) {
    if (!(rule instanceof ObjectNode object)) {
      throw noObject();
    }
    requireShort(object.toString().length());
    return new RuleBody(object).checked(scope, destination, catalogs);
  }

  private static void requireShort(int length) {
    if (length > LONGEST) {
      throw new RefusedException(
          Reason.TOO_LARGE, "a rule is at most %,d bytes long".formatted(LONGEST));
    }
  }

  private static RefusedException noObject() {
    return StatusQuestion.bad(
        "the rule must be a JSON object, such as {\"destinations\": [\"eu\"]}");
  }

  private RuleEdit.Body checked(
      RuleScope scope, Optional<String> destination, ManagedCatalogs catalogs) {
    boolean enabled = enabled();
    body.remove(STATUS);
    try {
      RuleConfig rule = RuleText.read(scope.source(), body.toString());
      rule.destinations().forEach(name -> requireKnown(name, catalogs.destinationNames()));
      destination.ifPresent(name -> requireOneOf(name, rule.destinations()));
    } catch (ConfigException e) {
      throw StatusQuestion.bad("the rule is wrong: " + String.join("; ", e.problems()));
    }
    return new RuleEdit.Body(enabled, body.toString());
  }

  private boolean enabled() {
    JsonNode status = body.path(STATUS);
    String word = status.isMissingNode() ? ENABLED : status.asText();
    boolean known = word.equals(ENABLED) || word.equals(DISABLED);
    if (!known || !(status.isMissingNode() || status.isTextual())) {
      throw StatusQuestion.bad(
          "the rule is wrong: status: must be enabled or disabled, not " + status);
    }
    return word.equals(ENABLED);
  }

  private static void requireKnown(String name, List<String> names) {
    if (!names.contains(name)) {
      throw StatusQuestion.bad(
          "the rule is wrong: destinations: there is no destination '%s'%s There are: %s"
              .formatted(name, StatusQuestion.hint(name, names), String.join(", ", names)));
    }
  }

  private static void requireOneOf(String name, List<String> destinations) {
    if (!destinations.contains(name)) {
      throw StatusQuestion.bad(
          "the rule does not go to destination '%s'; it goes to: %s"
              .formatted(name, String.join(", ", destinations)));
    }
  }
}
