package io.twinberg.testing;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Which requests to a catalog meet which faults.
 *
 * @param faults one of them is met, the one that was met least so far
 * @param methods which methods are met
 * @param paths which raw paths are met: the expression is found in them
 * @param skipped how many requests pass that would be met
 * @param probability that a fault begins with a request
 * @param shortest the least number of requests in a row
 * @param longest the largest number of requests in a row
 * @param count how often a fault begins at most
 */
public record UpstreamRule(
    List<UpstreamFault> faults,
    Pattern methods,
    Pattern paths,
    int skipped,
    double probability,
    int shortest,
    int longest,
    int count) {
  private static final Pattern ANY = Pattern.compile("");

  /** Copies the list. */
  public UpstreamRule {
    faults = List.copyOf(faults);
  }

  /** A fault, or one of several, for every single request. */
  public static UpstreamRule of(UpstreamFault... faults) {
    return of(List.of(faults));
  }

  /** One of several faults for every single request. */
  public static UpstreamRule of(List<UpstreamFault> faults) {
    return new UpstreamRule(faults, ANY, ANY, 0, 1, 1, 1, Integer.MAX_VALUE);
  }

  /** The same for some requests only. */
  public UpstreamRule on(String methodExpression, String pathExpression) {
    return new UpstreamRule(
        faults,
        Pattern.compile(methodExpression),
        Pattern.compile(pathExpression),
        skipped,
        probability,
        shortest,
        longest,
        count);
  }

  /** The same, but the first few requests pass. */
  public UpstreamRule after(int requests) {
    return new UpstreamRule(
        faults, methods, paths, requests, probability, shortest, longest, count);
  }

  /** The same for a part of the requests. */
  public UpstreamRule probability(double part) {
    return new UpstreamRule(faults, methods, paths, skipped, part, shortest, longest, count);
  }

  /** The same for so many requests in a row, whatever they ask for. */
  public UpstreamRule inARow(int least, int most) {
    return new UpstreamRule(faults, methods, paths, skipped, probability, least, most, count);
  }

  /** The same, so often at most. */
  public UpstreamRule times(int most) {
    return new UpstreamRule(faults, methods, paths, skipped, probability, shortest, longest, most);
  }

  boolean matches(String method, String path) {
    return methods.matcher(method).find() && paths.matcher(path).find();
  }
}
