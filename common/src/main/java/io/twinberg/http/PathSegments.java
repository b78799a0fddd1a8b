package io.twinberg.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Names as segments of a URL path, by RFC 3986: a space is {@code %20}, a plus stays a plus when
 * decoded, a slash is {@code %2F}. The levels of a namespace share one segment.
 */
public final class PathSegments {
  /** The unit separator, which the REST specification puts between levels by default. */
  public static final String DEFAULT_SEPARATOR = "%1F";

  private static final String HEX = "0123456789ABCDEF";

  private PathSegments() {}

  /** The segment of a name; dots alone are encoded as well, so that nobody resolves them. */
  public static String encode(String name) {
    boolean dots = name.equals(".") || name.equals("..");
    return dots ? name.replace(".", "%2E") : encodeLevel(name);
  }

  /** The name of a raw segment; refuses malformed escapes and bytes that are not UTF-8. */
  public static String decode(String segment) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(segment.length());
    for (int i = 0; i < segment.length(); i++) {
      if (segment.charAt(i) == '%') {
        bytes.write(escaped(segment, i));
        i += 2;
      } else {
        i = writePlain(segment, i, bytes);
      }
    }
    return fromUtf8(bytes.toByteArray(), segment);
  }

  /**
   * The segment of a namespace: encoded levels with the separator, itself already encoded, between
   * them. Refuses levels that the other side could not take apart again.
   */
  public static String joinLevels(List<String> levels, String separator) {
    String joined = String.join(separator, levels.stream().map(PathSegments::encodeLevel).toList());
    if (!splitLevels(joined, separator).equals(levels)) {
      throw new IllegalArgumentException(
          "namespace " + levels + " cannot be told apart with the separator " + separator);
    }
    return joined.equals(".") || joined.equals("..") ? joined.replace(".", "%2E") : joined;
  }

  /**
   * The levels of a raw segment. As the specification demands, the default separator is understood
   * whatever the catalog advertises.
   */
  public static List<String> splitLevels(String segment, String separator) {
    String by = indexOf(segment, DEFAULT_SEPARATOR, 0) >= 0 ? DEFAULT_SEPARATOR : separator;
    List<String> levels = new ArrayList<>();
    int from = 0;
    for (int at = indexOf(segment, by, 0); at >= 0; at = indexOf(segment, by, from)) {
      levels.add(decode(segment.substring(from, at)));
      from = at + by.length();
    }
    levels.add(decode(segment.substring(from)));
    return List.copyOf(levels);
  }

  private static String encodeLevel(String name) {
    ByteBuffer bytes = toUtf8(name);
    StringBuilder out = new StringBuilder(name.length());
    while (bytes.hasRemaining()) {
      byte b = bytes.get();
      if (isUnreserved(b)) {
        out.append((char) b);
      } else {
        out.append('%').append(HEX.charAt((b >> 4) & 0xF)).append(HEX.charAt(b & 0xF));
      }
    }
    return out.toString();
  }

  private static boolean isUnreserved(byte b) {
    return (b >= 'A' && b <= 'Z')
        || (b >= 'a' && b <= 'z')
        || (b >= '0' && b <= '9')
        || "-._~".indexOf(b) >= 0;
  }

  // "%1f" and "%1F" are the same escape.
  private static int indexOf(String segment, String separator, int from) {
    for (int at = from; at + separator.length() <= segment.length(); at++) {
      if (segment.regionMatches(true, at, separator, 0, separator.length())) {
        return at;
      }
    }
    return -1;
  }

  private static int escaped(String segment, int at) {
    int high = at + 2 < segment.length() ? hexDigit(segment.charAt(at + 1)) : -1;
    int low = high >= 0 ? hexDigit(segment.charAt(at + 2)) : -1;
    if (low < 0) {
      throw new IllegalArgumentException("malformed escape at " + at + " in '" + segment + "'");
    }
    return high << 4 | low;
  }

  private static int hexDigit(char c) {
    return c < 128 ? Character.digit(c, 16) : -1;
  }

  /** Writes one character that is no escape; returns the index of its last char. */
  private static int writePlain(String segment, int at, ByteArrayOutputStream bytes) {
    int codePoint = segment.codePointAt(at);
    bytes.writeBytes(bytesOf(toUtf8(Character.toString(codePoint))));
    return at + Character.charCount(codePoint) - 1;
  }

  private static byte[] bytesOf(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private static ByteBuffer toUtf8(String text) {
    try {
      return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a name is not valid Unicode", e);
    }
  }

  private static String fromUtf8(byte[] bytes, String segment) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("'" + segment + "' does not decode to UTF-8", e);
    }
  }
}
