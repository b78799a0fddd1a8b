package io.twinberg.log;

import java.util.Random;

/** Long names that do not compress, since PostgreSQL's indexes would hide the length of others. */
final class OddNames {
  private OddNames() {}

  static String ascii(String first, int length) {
    return first + random(length - 1, 'a', 26);
  }

  static String han(int length) {
    return random(length, 0x4e00, 0x5000);
  }

  private static String random(int length, int from, int range) {
    return new Random(42)
        .ints(length, from, from + range)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
