package io.twinberg.rule;

import io.twinberg.config.FileRules;
import io.twinberg.database.Database;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;

/** Changes rules of the API, and says what each change means. */
public final class RuleEditor {
  private final RuleStore store;
  private final LiveRules rules;
  private final RuleForecast forecast;

  /** An editor of the rules that hold in this process. */
  public RuleEditor(FileRules file, Database database, RuleStore store, LiveRules rules) {
    this.store = store;
    this.rules = rules;
    this.forecast = new RuleForecast(database, new TargetNames(file));
  }

  /**
   * What came of a change.
   *
   * @param effects what it means; none for one that did not happen
   */
  public record Result(RuleEdit.Outcome outcome, RuleEffects effects) {}

  /**
   * Makes a change, which holds in this process when the call comes back.
   *
   * @throws TargetCollisionException when two tables would meet at a destination
   */
  public Result make(RuleEdit edit) {
    AtomicReference<RuleEffects> effects = new AtomicReference<>(RuleEffects.NONE);
    RuleEdit.Outcome outcome = store.make(edit, foretold(edit, effects));
    rules.refresh();
    return new Result(outcome, effects.get());
  }

  /**
   * Says what a change would mean, and changes nothing.
   *
   * @throws TargetCollisionException when two tables would meet at a destination
   */
  public Result rehearse(RuleEdit edit) {
    AtomicReference<RuleEffects> effects = new AtomicReference<>(RuleEffects.NONE);
    return new Result(store.rehearse(edit, foretold(edit, effects)), effects.get());
  }

  private BiConsumer<StoredRules, StoredRules> foretold(
      RuleEdit edit, AtomicReference<RuleEffects> effects) {
    return (before, after) ->
        effects.set(forecast.of(rules.with(before).matcher(), rules.with(after).matcher(), edit));
  }
}
