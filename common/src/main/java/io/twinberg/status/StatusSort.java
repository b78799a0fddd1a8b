package io.twinberg.status;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a list of replicas is sorted by. The keys of a sort tell any two replicas apart, so that a
 * page can go on behind the last one of the page before.
 */
public enum StatusSort {
  /** By destination, then by the replica's namespace and name there. */
  NAME(
      "name",
      Key.text(ListedReplica::destination),
      Key.text(ListedReplica::namespace),
      Key.text(ListedReplica::name)),
  /** By the state's word. */
  STATE("state", Key.text(replica -> replica.state().word()), Key.ID),
  /** By how long the replica has lacked a version; replicas that lack none have the least lag. */
  LAG("lag", Key.time(replica -> replica.lagSince().orElse(Instant.MAX)).reversed(), Key.ID),
  /** By the time of the last publication; replicas without any come first. */
  LAST_APPLIED("lastApplied", Key.time(replica -> replica.appliedAt().orElse(Instant.MIN)), Key.ID);

  /**
   * One value of a sort.
   *
   * @param read what a cursor wrote as text
   * @param falls whether it falls where the sort rises
   */
  private record Key<T extends Comparable<T>>(
      Function<ListedReplica, T> value, Function<String, T> read, boolean falls) {
    private static final Key<String> ID = text(ListedReplica::id);

    private static Key<String> text(Function<ListedReplica, String> value) {
      return new Key<>(value, Function.identity(), false);
    }

    private static Key<Instant> time(Function<ListedReplica, Instant> value) {
      return new Key<>(value, Instant::parse, false);
    }

    private Key<T> reversed() {
      return new Key<>(value, read, true);
    }

    private Comparator<ListedReplica> order() {
      Comparator<ListedReplica> rising = Comparator.comparing(value);
      return falls ? rising.reversed() : rising;
    }

    /** On which side of a cursor's value replicas stand: above 0 behind it. */
    private ToIntFunction<ListedReplica> side(String text) {
      T at = read.apply(text);
      return replica -> {
        int side = value.apply(replica).compareTo(at);
        return falls ? -Integer.signum(side) : side;
      };
    }
  }

  private final String word;
  private final List<Key<?>> keys;
  private final Comparator<ListedReplica> order;

  StatusSort(String word, Key<?>... keys) {
    this.word = word;
    this.keys = List.of(keys);
    this.order = this.keys.stream().map(Key::order).reduce(Comparator::thenComparing).orElseThrow();
  }

  /** The sort as it is written in REST and on the command line. */
  public String word() {
    return word;
  }

  Comparator<ListedReplica> order(boolean descending) {
    return descending ? order.reversed() : order;
  }

  StatusCursor cursor(ListedReplica replica) {
    return new StatusCursor(
        keys.stream().map(key -> key.value().apply(replica).toString()).toList());
  }

  /** Whether replicas come behind a cursor: equal in the first keys, and further on in the next. */
  Predicate<ListedReplica> behind(StatusCursor cursor, boolean descending) {
    List<ToIntFunction<ListedReplica>> sides =
        IntStream.range(0, keys.size())
            .<ToIntFunction<ListedReplica>>mapToObj(i -> keys.get(i).side(cursor.values().get(i)))
            .toList();
    return replica -> {
      int side =
          sides.stream()
              .mapToInt(key -> key.applyAsInt(replica))
              .filter(s -> s != 0)
              .findFirst()
              .orElse(0);
      return descending ? side < 0 : side > 0;
    };
  }

  /** Whether values can be those of the keys. */
  boolean fit(@Nullable String[] values) {
    return values.length == keys.size()
        && IntStream.range(0, values.length).allMatch(i -> fits(keys.get(i), values[i]));
  }

  private static boolean fits(Key<?> key, @Nullable String value) {
    try {
      return value != null && key.read().apply(value) != null;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  /** The sort of a word. */
  public static Optional<StatusSort> ofWord(String word) {
    return Arrays.stream(values()).filter(sort -> sort.word.equals(word)).findFirst();
  }
}
