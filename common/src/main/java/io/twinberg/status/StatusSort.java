package io.twinberg.status;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a list of replicas is sorted by. The keys of a sort tell any two replicas apart, so that a
 * page can go on behind the last one of the page before.
 */
public enum StatusSort {
  /** By destination, then by the replica's namespace and name there. */
  NAME("name", Key.text("s.destination"), Key.text("s.namespace"), Key.text("s.name")),
  /** By the state's word. */
  STATE("state", Key.text("lower(s.state)"), Key.ID),
  /** By how long the replica has lacked a version; replicas that lack none have the least lag. */
  LAG("lag", Key.time(StatedReplicas.OLDEST, "9999-12-31").reversed(), Key.ID),
  /** By the time of the last publication; replicas without any come first. */
  LAST_APPLIED(
      "lastApplied",
      Key.time("(select c.published_at from receipt c where c.id = s.receipt_id)", "1970-01-01"),
      Key.ID);

  /**
   * A column of a sort.
   *
   * @param sql what it holds, of a stated replica {@code s}; never null
   * @param time whether it holds times, else text
   * @param falls whether it falls where the sort rises
   */
  record Key(String sql, boolean time, boolean falls) {
    private static final Key ID = text("s.id");

    private static Key text(String sql) {
      return new Key(sql, false, false);
    }

    private static Key time(String sql, String whereNone) {
      return new Key(
          "coalesce(%s, timestamp with time zone '%s 00:00:00+00')".formatted(sql, whereNone),
          true,
          false);
    }

    private boolean fits(@Nullable String value) {
      if (value == null || value.indexOf('\0') >= 0) {
        return false;
      }
      try {
        return !time || Instant.parse(value) != null;
      } catch (DateTimeParseException e) {
        return false;
      }
    }

    private Key reversed() {
      return new Key(sql, time, true);
    }
  }

  private final String word;
  private final List<Key> keys;

  StatusSort(String word, Key... keys) {
    this.word = word;
    this.keys = List.of(keys);
  }

  /** The sort as it is written in REST and on the command line. */
  public String word() {
    return word;
  }

  List<Key> keys() {
    return keys;
  }

  /** Whether values can be those of the keys. */
  boolean fit(@Nullable String[] values) {
    return values.length == keys.size()
        && IntStream.range(0, values.length).allMatch(i -> keys.get(i).fits(values[i]));
  }

  /** The sort of a word. */
  public static Optional<StatusSort> ofWord(String word) {
    return Arrays.stream(values()).filter(sort -> sort.word.equals(word)).findFirst();
  }
}
