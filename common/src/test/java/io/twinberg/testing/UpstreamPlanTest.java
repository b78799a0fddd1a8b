package io.twinberg.testing;

import static io.twinberg.testing.UpstreamFault.after;
import static io.twinberg.testing.UpstreamFault.before;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.twinberg.testing.UpstreamFault.Delivery;
import io.twinberg.testing.UpstreamFault.Reply;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A plan strikes the requests that its rules say, and the same ones by the same seed. */
class UpstreamPlanTest {
  private static final UpstreamFault FAULT = before(Reply.RESET);

  private static List<Boolean> struck(UpstreamPlan plan, int requests) {
    return Stream.generate(() -> plan.next("POST", "/v1/tables/a").isPresent())
        .limit(requests)
        .toList();
  }

  private static UpstreamPlan plan(long seed, UpstreamRule... rules) {
    UpstreamPlan plan = new UpstreamPlan(seed);
    Stream.of(rules).forEach(plan::add);
    return plan;
  }

  @Test
  void filters_otherMethodOrPath_passes() {
    UpstreamPlan plan = plan(1, UpstreamRule.of(FAULT).on("POST", "/tables/a$"));

    assertThat(plan.next("POST", "/v1/tables/a")).contains(FAULT);
    assertThat(plan.next("GET", "/v1/tables/a")).isEmpty();
    assertThat(plan.next("POST", "/v1/tables/ab")).isEmpty();
    assertThat(plan.met()).containsOnlyKeys(FAULT).containsValue(1);
  }

  @Test
  void counts_strikeFromTheNthOnAndNoOftener() {
    UpstreamRule rule = UpstreamRule.of(FAULT).after(2).times(1);

    assertThat(struck(plan(1, rule), 5)).containsExactly(false, false, true, false, false);
    assertThat(struck(plan(1, rule.inARow(2, 2)), 5))
        .containsExactly(false, false, true, true, false);
  }

  @Test
  void probability_sameSeed_strikesTheSame() {
    UpstreamRule rule = UpstreamRule.of(UpstreamFault.all()).probability(0.3).inARow(1, 3);

    assertThat(struck(plan(7, rule), 200)).isEqualTo(struck(plan(7, rule), 200));
    assertThat(struck(plan(7, rule), 200)).isNotEqualTo(struck(plan(8, rule), 200));
    assertThat(struck(plan(7, rule), 200)).contains(true, false);
  }

  @Test
  void severalFaults_areAllMetInTurn() {
    UpstreamPlan plan = plan(3, UpstreamRule.of(UpstreamFault.all()));
    struck(plan, UpstreamFault.all().size());

    assertThat(plan.met())
        .containsOnlyKeys(UpstreamFault.all().toArray(UpstreamFault[]::new))
        .doesNotContainValue(2);
  }

  @Test
  void heal_endsABurst() {
    UpstreamPlan plan = plan(1, UpstreamRule.of(FAULT).inARow(5, 5));
    struck(plan, 2);
    plan.heal();

    assertThat(struck(plan, 2)).containsOnly(false);
  }

  @Test
  void fault_answerOfACatalogThatWasNotAsked_isRefused() {
    assertThatThrownBy(() -> new UpstreamFault(Delivery.NEVER, Reply.TRUNCATED))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(after(Reply.TRUNCATED)).hasToString("ONCE TRUNCATED");
  }
}
