package io.twinberg.proxy.management;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.config.NameGlob;
import io.twinberg.config.RuleConfig;
import io.twinberg.config.RuleText;
import io.twinberg.rule.LiveRule;
import io.twinberg.rule.RuleEffects;
import io.twinberg.rule.RuleOrigin;
import io.twinberg.rule.StoredRule;

/** How rules are written; {@code rule} is what could be put. */
record RuleJson(String file) {
  private static final ObjectMapper JSON = new ObjectMapper();

  ObjectNode rule(LiveRule rule) {
    ObjectNode body = StatusJson.object().put("source", rule.written().source());
    scope(body, rule.written());
    if (rule.origin() instanceof RuleOrigin.Api api) {
      StoredRule stored = api.stored();
      body.put("origin", "api").putNull("definedIn");
      body.put("etag", RulePreconditions.etag(stored.revision()))
          .put("changedBy", stored.changedBy())
          .put("changedAt", stored.changedAt().toString());
    } else {
      body.put("origin", "file").put("definedIn", definedIn((RuleOrigin.File) rule.origin()));
      body.putNull("etag").putNull("changedBy").putNull("changedAt");
    }
    body.put("shadowed", rule.shadowed()).put("problem", rule.problem().orElse(null));
    body.set("rule", keys(rule));
    return body;
  }

  /** Where a rule of the file stands in it. */
  String definedIn(RuleOrigin.File origin) {
    return "rules[" + origin.index() + "] of " + file;
  }

  private static void scope(ObjectNode body, RuleConfig rule) {
    rule.namespace()
        .ifPresentOrElse(
            glob -> glob.levels().forEach(body.withArray("namespace")::add),
            () -> body.putNull("namespace"));
    body.put("table", rule.table().map(NameGlob::text).orElse(null));
  }

  private static ObjectNode keys(LiveRule rule) {
    ObjectNode keys = JSON.valueToTree(RuleText.show(rule.written()));
    return keys.put(RuleBody.STATUS, rule.enabled() ? RuleBody.ENABLED : RuleBody.DISABLED);
  }

  static ObjectNode effects(RuleEffects effects) {
    ObjectNode body = StatusJson.object().put("tables", effects.tables());
    ObjectNode destinations = body.putObject("destinations");
    effects
        .destinations()
        .forEach(
            (name, at) ->
                destinations
                    .putObject(name)
                    .put("begin", at.begin())
                    .put("resume", at.resume())
                    .put("stop", at.stop())
                    .put("rename", at.rename())
                    .put("stay", at.stay()));
    effects.sentences().forEach(body.withArray("sentences")::add);
    return body;
  }
}
