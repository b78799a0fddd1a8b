package io.twinberg.proxy.catalog;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.iceberg.exceptions.BadRequestException;

/**
 * Part of a sorted listing.
 *
 * <p>The token is the last name, not an offset: entries that come and go between two pages neither
 * hide nor repeat others.
 *
 * @param nextToken empty at the end
 */
public record Page<T>(List<T> items, Optional<String> nextToken) {
  private static final int LARGEST = 1000;

  /** The page that the query asks for; without a token in it, everything. */
  public static <T> Page<T> of(List<T> all, Function<T, String> name, Query query) {
    List<T> sorted = all.stream().sorted(Comparator.comparing(name)).toList();
    Optional<String> token = query.value("pageToken");
    if (token.isEmpty()) {
      return new Page<>(sorted, Optional.empty());
    }
    String after = decode(token.get());
    int size = size(query);
    List<T> rest = sorted.stream().filter(item -> isAfter(name.apply(item), after)).toList();
    if (rest.size() <= size) {
      return new Page<>(rest, Optional.empty());
    }
    List<T> items = rest.subList(0, size);
    return new Page<>(items, Optional.of(encode(name.apply(items.get(size - 1)))));
  }

  private static boolean isAfter(String name, String after) {
    return after.isEmpty() || name.compareTo(after) > 0;
  }

  private static int size(Query query) {
    Optional<String> size = query.value("pageSize");
    try {
      int asked = size.map(Integer::parseInt).orElse(LARGEST);
      if (asked >= 1) {
        return Math.min(asked, LARGEST);
      }
    } catch (NumberFormatException e) {
      throw new BadRequestException(e, "pageSize is not a number: %s", size.orElse(""));
    }
    throw new BadRequestException("pageSize must be at least 1: %s", size.orElse(""));
  }

  private static String encode(String name) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(name.getBytes(StandardCharsets.UTF_8));
  }

  private static String decode(String token) {
    try {
      return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new BadRequestException(e, "pageToken is not one of ours: %s", token);
    }
  }
}
