package io.twinberg.proxy.management;

import io.javalin.http.Context;
import io.twinberg.rule.Precondition;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code If-Match} and {@code If-None-Match} demand of a rule, and its ETag. */
final class RulePreconditions {
  private static final String ANY = "*";
  private static final Pattern TAG = Pattern.compile("\\s*(W/)?\"([^\"]*)\"\\s*(,|$)");
  private static final Pattern REVISION = Pattern.compile("[0-9]{1,18}");

  private RulePreconditions() {}

  static String etag(long revision) {
    return "\"" + revision + "\"";
  }

  static Precondition of(Context context) {
    Optional<String> match = Optional.ofNullable(context.header("If-Match"));
    Optional<String> noneMatch = Optional.ofNullable(context.header("If-None-Match"));
    if (match.isPresent() && noneMatch.isPresent()) {
      throw StatusQuestion.bad("send If-Match or If-None-Match, not both");
    }
    if (noneMatch.isPresent()) {
      return none(noneMatch.get().strip());
    }
    return match
        .map(String::strip)
        .map(RulePreconditions::match)
        .orElseGet(Precondition.Unsaid::new);
  }

  private static Precondition none(String value) {
    if (value.equals(ANY)) {
      return new Precondition.Absent();
    }
    throw StatusQuestion.bad("If-None-Match must be *, not '" + value + "'");
  }

  private static Precondition match(String value) {
    return value.equals(ANY)
        ? new Precondition.Present()
        : new Precondition.AtRevision(revisions(value));
  }

  /** Tags that are weak or none of ours are well-formed, and match nothing. */
  private static Set<Long> revisions(String value) {
    Set<Long> revisions = new HashSet<>();
    Matcher tags = TAG.matcher(value);
    int end = 0;
    while (tags.lookingAt()) {
      end = tags.end();
      if (tags.group(1) == null && REVISION.matcher(tags.group(2)).matches()) {
        revisions.add(Long.parseLong(tags.group(2)));
      }
      tags.region(end, value.length());
    }
    if (end == 0 || end != value.length()) {
      throw StatusQuestion.bad(
          "If-Match must be * or the ETag of a rule with its quotes, such as \"7\", not '"
              + value
              + "'");
    }
    return revisions;
  }
}
