package io.twinberg.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.twinberg.log.SourceTable;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaLifecycle;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.testing.DatabaseContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Filters, sorts and pages of the list of replicas, on whichever database. */
class StatusListTest extends DatabaseContract {
  private ReplicaWorld world;
  private ReplicaStatuses statuses;

  @BeforeEach
  void open() {
    world = new ReplicaWorld(database, clock, ReplicaListener.NONE);
    CheckIntervals intervals = new CheckIntervals(Duration.ofMinutes(1), Duration.ofMinutes(15));
    statuses =
        new ReplicaStatuses(
            database,
            clock,
            intervals,
            new ReplicaReadings(database, clock, intervals, Runnable::run));
  }

  /** A replica that lacks nothing. */
  private Replica current(String namespace, String name) {
    SourceTable table = world.table(SOURCE, TableIdentifier.of(namespace, name));
    Replica replica = world.replica(table, "eu");
    world.publish(replica, world.commit(table), "file:///r/" + name);
    world.checked(table);
    return replica;
  }

  /** A replica that lacks a version from now on. */
  private Replica behind(String namespace, String name) {
    SourceTable table = world.table(SOURCE, TableIdentifier.of(namespace, name));
    Replica replica = world.replica(table, "eu");
    world.commit(table);
    return replica;
  }

  private List<String> names(StatusList list) {
    return statuses.page(list, Optional.empty(), 100).replicas().stream()
        .map(replica -> replica.table().name())
        .toList();
  }

  private List<String> names(StatusSort sort, boolean descending) {
    return names(new StatusList(StatusFilter.ALL, sort, descending));
  }

  private static StatusFilter filter(
      ReplicaLifecycle lifecycle,
      Boolean paused,
      Boolean needsPerson,
      String namespace,
      String prefix,
      String part,
      Duration minLag) {
    return new StatusFilter(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.ofNullable(lifecycle),
        Optional.ofNullable(paused),
        Optional.ofNullable(needsPerson),
        Optional.ofNullable(namespace).map(Namespace::of),
        Optional.ofNullable(prefix),
        Optional.ofNullable(part),
        Optional.ofNullable(minLag));
  }

  private List<String> filtered(StatusFilter filter) {
    List<String> names = names(StatusList.of(filter));
    StatusPage page = statuses.page(StatusList.of(filter), Optional.empty(), 100);
    assertThat(page.counts().values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(names.size());
    return names;
  }

  @Test
  void filters_each_leaveOutWhatDoesNotFit() {
    current("sales", "orders");
    behind("sales", "o_ders%");
    clock.step(Duration.ofMinutes(10));
    behind("hr", "people");
    world.fail(current("hr", "broken"), "UNSUPPORTED", true);
    database
        .jdbi()
        .useHandle(h -> h.execute("update replica set paused = true where name = 'people'"));
    world.replicas().unmatched(current("hr", "gone").id());

    assertThat(filtered(filter(ReplicaLifecycle.UNMATCHED, null, null, null, null, null, null)))
        .containsExactly("gone");
    assertThat(filtered(filter(null, true, null, null, null, null, null)))
        .containsExactly("people");
    assertThat(filtered(filter(null, null, true, null, null, null, null)))
        .containsExactly("broken");
    assertThat(filtered(filter(null, null, null, "sales", null, null, null)))
        .containsExactly("o_ders%", "orders");
    assertThat(filtered(filter(null, null, null, null, "o_d", null, null)))
        .as("an underscore is no wildcard")
        .containsExactly("o_ders%");
    assertThat(filtered(filter(null, null, null, null, null, "%", null)))
        .as("nor is a percent sign")
        .containsExactly("o_ders%");
    assertThat(filtered(filter(null, null, null, null, null, "rder", null)))
        .containsExactly("orders");
    assertThat(filtered(filter(null, null, null, null, null, null, Duration.ofMinutes(10))))
        .containsExactly("o_ders%");
    assertThat(filtered(filter(null, false, false, "hr", null, null, null)))
        .containsExactly("gone");
  }

  @Test
  void sorts_eachInBothDirections_followTheirKeys() {
    current("n", "c");
    clock.step(Duration.ofMinutes(1));
    current("n", "a");
    behind("n", "d");
    clock.step(Duration.ofMinutes(1));
    behind("n", "b");

    assertThat(names(StatusSort.NAME, false)).containsExactly("a", "b", "c", "d");
    assertThat(names(StatusSort.NAME, true)).containsExactly("d", "c", "b", "a");
    assertThat(names(StatusSort.LAG, true)).startsWith("d", "b").hasSize(4);
    assertThat(names(StatusSort.LAG, false)).endsWith("b", "d").hasSize(4);
    assertThat(names(StatusSort.LAST_APPLIED, true)).startsWith("a", "c").hasSize(4);
    assertThat(names(StatusSort.LAST_APPLIED, false)).endsWith("c", "a").hasSize(4);
    assertThat(names(StatusSort.STATE, false).subList(0, 2)).containsExactlyInAnyOrder("a", "c");
    assertThat(names(StatusSort.STATE, true).subList(0, 2)).containsExactlyInAnyOrder("b", "d");
  }

  @ParameterizedTest
  @EnumSource(StatusSort.class)
  void pages_whileReplicasComeAndGo_showWhatStaysOnce(StatusSort sort) {
    for (int i = 0; i < 4; i++) {
      current("n", "c" + i);
      behind("n", "d" + i);
    }
    StatusList list = new StatusList(StatusFilter.ALL, sort, true);
    List<String> seen = new ArrayList<>();
    Optional<StatusCursor> after = Optional.empty();
    do {
      StatusPage page = statuses.page(list, after, 3);
      page.replicas().forEach(replica -> seen.add(replica.table().name()));
      after = page.next().map(next -> StatusCursor.parse(next.token(list), list));
      // Among what has been shown already: the pages behind do not move.
      if (seen.size() == 3) {
        drop(seen.get(2));
      }
    } while (after.isPresent());
    assertThat(seen).containsExactlyInAnyOrder("c0", "c1", "c2", "c3", "d0", "d1", "d2", "d3");
  }

  private void drop(String name) {
    database
        .jdbi()
        .useHandle(
            handle -> {
              handle.execute(
                  "delete from receipt where replica_id = (select id from replica where name = ?)",
                  name);
              handle.execute("delete from replica where name = ?", name);
            });
  }

  @Test
  void token_ofAnotherListOrChanged_isRefused() {
    current("n", "a");
    current("n", "b");
    StatusList list = StatusList.ALL;
    String token = statuses.page(list, Optional.empty(), 1).next().orElseThrow().token(list);
    assertThat(StatusCursor.parse(token, list).values()).contains("a");

    StatusList other = new StatusList(StatusFilter.ALL, StatusSort.NAME, true);
    StatusList narrower =
        StatusList.of(StatusFilter.of(Optional.of(SOURCE), Optional.empty(), Optional.empty()));
    for (StatusList wrong : List.of(other, narrower)) {
      assertThatThrownBy(() -> StatusCursor.parse(token, wrong))
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (int i = 0; i < token.length() - 1; i++) {
      char changed = token.charAt(i) == 'A' ? 'B' : 'A';
      String tampered = token.substring(0, i) + changed + token.substring(i + 1);
      assertThatThrownBy(() -> StatusCursor.parse(tampered, list))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
