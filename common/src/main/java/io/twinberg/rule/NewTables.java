package io.twinberg.rule;

import java.util.List;

/**
 * What becomes of tables that appear where a changed rule covers them or did.
 *
 * @param destinations where they are copied to; none: they are not
 */
record NewTables(DecidedBy by, List<String> destinations) {
  /** What decides about them once the change is made. */
  enum DecidedBy {
    /** The changed rule. */
    RULE("the rule has no destinations"),
    /** The changed rule, which is switched off. */
    DISABLED_RULE("the rule is disabled"),
    /** The next wider rule, the changed one being deleted. */
    WIDER_RULE("the next wider rule is disabled or has no destinations"),
    /** Nothing: the changed rule is deleted, and no other takes its place. */
    NO_RULE("no other rule covers them");

    private final String whyNowhere;

    DecidedBy(String whyNowhere) {
      this.whyNowhere = whyNowhere;
    }
  }

  /** Those of a change that does not happen. */
  static final NewTables NONE = new NewTables(DecidedBy.NO_RULE, List.of());

  /** Copies the list. */
  NewTables {
    destinations = List.copyOf(destinations);
  }

  /** The same for people, where no table is known yet. */
  String sentence() {
    if (destinations.isEmpty()) {
      return "No table that is known is covered, and new ones are not copied: %s."
          .formatted(by.whyNowhere);
    }
    return "No table that is known is covered; new ones are copied to %s as they appear%s."
        .formatted(
            String.join(" and ", destinations),
            by == DecidedBy.WIDER_RULE ? ", by the next wider rule" : "");
  }
}
