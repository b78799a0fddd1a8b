package io.twinberg.testing;

import io.twinberg.testing.S3Requests.Kind;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which requests meet which faults. A fault goes on for some requests of the same kind for the same
 * object: clients ask again.
 *
 * @param faults one of them is met, the one that was met least so far
 * @param kinds of the requests
 * @param keys which bucket and key, {@code /bucket/key}, are met
 * @param probability that a fault begins with a request
 * @param shortest the least number of requests in a row
 * @param longest the largest number of requests in a row
 * @param count how often a fault begins at most
 */
public record FaultRule(
    List<Fault> faults,
    Set<Kind> kinds,
    Pattern keys,
    double probability,
    int shortest,
    int longest,
    int count) {

  /** A fault, or one of several, for every single request. */
  public static FaultRule of(Fault... faults) {
    return new FaultRule(
        List.of(faults),
        EnumSet.allOf(Kind.class),
        Pattern.compile(".*"),
        1,
        1,
        1,
        Integer.MAX_VALUE);
  }

  /** The same for some kinds of requests only. */
  public FaultRule on(Kind first, Kind... rest) {
    return on(EnumSet.of(first, rest));
  }

  /** The same for some kinds of requests only. */
  public FaultRule on(Set<Kind> some) {
    return new FaultRule(faults, some, keys, probability, shortest, longest, count);
  }

  /** The same for some objects only: the expression is found in {@code /bucket/key}. */
  public FaultRule keys(String expression) {
    return new FaultRule(
        faults, kinds, Pattern.compile(expression), probability, shortest, longest, count);
  }

  /** The same for a part of the requests. */
  public FaultRule probability(double part) {
    return new FaultRule(faults, kinds, keys, part, shortest, longest, count);
  }

  /** The same for so many requests in a row. */
  public FaultRule inARow(int least, int most) {
    return new FaultRule(faults, kinds, keys, probability, least, most, count);
  }

  /** The same, so often at most. */
  public FaultRule times(int most) {
    return new FaultRule(faults, kinds, keys, probability, shortest, longest, most);
  }

  boolean matches(Kind kind, String key) {
    return kinds.contains(kind)
        && keys.matcher(key).find()
        && faults.stream().anyMatch(fault -> fault.canMeet(kind));
  }
}
