package io.twinberg.proxy.management;

import io.javalin.http.Context;
import io.twinberg.audit.AuditScope;
import io.twinberg.operation.ReplicaTarget;
import io.twinberg.rule.RuleScope;
import java.util.Optional;
import java.util.Set;

/**
 * What a call is about beyond what its path says, noted by its handler as soon as that knows it: a
 * call that is refused afterwards is to be found by it, too.
 *
 * @param destinations that it concerns, where they are several and the scope names none
 */
record Concern(AuditScope scope, Set<String> destinations) {
  private static final String NOTED = "twinberg-concern";

  /** Copies the set. */
  Concern {
    destinations = Set.copyOf(destinations);
  }

  /** That of a call that is about replicas. */
  static Concern of(ReplicaTarget target) {
    return new Concern(
        AuditScope.of(target.source(), target.table(), target.destination()), Set.of());
  }

  /** That of a call that is about a rule. */
  static Concern of(RuleScope rule, Set<String> destinations) {
    boolean isOne = destinations.size() == 1;
    AuditScope scope =
        new AuditScope(
            Optional.of(rule.source()),
            rule.namespace(),
            rule.table(),
            isOne ? destinations.stream().findFirst() : Optional.empty());
    return new Concern(scope, isOne ? Set.of() : destinations);
  }

  /** Notes what a call is about, in place of what was noted before. */
  void noteIn(Context context) {
    context.attribute(NOTED, this);
  }

  /** What a call is about, where its handler has noted it. */
  static Optional<Concern> of(Context context) {
    return Optional.ofNullable(context.attribute(NOTED));
  }
}
