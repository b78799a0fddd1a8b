package io.twinberg.replicator.mapping;

import io.twinberg.replica.PrefixMapping;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.iceberg.catalog.Namespace;

/** The folder of a replica: its names encoded into one path segment each, then its id. */
public final class ReplicaFolder {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9]*[0-9][A-Za-z0-9]*");
  private static final Pattern ENCODED = Pattern.compile("[A-Za-z0-9_.%-]+");
  private static final Pattern DOTS = Pattern.compile("\\.+");
  private static final Pattern LIKE_A_TABLE =
      Pattern.compile("-(?=[A-Za-z0-9]*[0-9][A-Za-z0-9]*$)");

  private ReplicaFolder() {}

  /**
   * {@code <root>/<namespace levels>/<table>-<replica id>}. Two different tables have two different
   * folders, neither inside the other. The id is letters and digits, at least one of them a digit.
   */
  public static String folderOf(String root, Namespace namespace, String table, String replicaId) {
    if (!ID.matcher(replicaId).matches()) {
      throw new IllegalArgumentException(
          "replica id '" + replicaId + "' must be letters and digits with at least one digit");
    }
    List<String> segments = new ArrayList<>();
    segments.add(Paths.withoutTrailingSlashes(root));
    for (String level : namespace.levels()) {
      segments.add(encodeLevel(level));
    }
    segments.add(encode(table) + "-" + replicaId);
    return String.join("/", segments);
  }

  /**
   * Whether a folder is one that {@link #folderOf} gives a replica below a root. It may come from a
   * pointer object, which anybody who may write to the bucket can write.
   */
  public static boolean isOf(String folder, String root, String replicaId) {
    String below = Paths.withoutTrailingSlashes(root) + "/";
    if (!folder.startsWith(below) || !ID.matcher(replicaId).matches()) {
      return false;
    }
    String names = folder.substring(below.length());
    return names.endsWith("-" + replicaId)
        && Stream.of(names.substring(0, names.length() - replicaId.length() - 1).split("/", -1))
            .allMatch(ReplicaFolder::isEncoded);
  }

  /**
   * The mapping that a replica is created with and keeps: the table's data folder. Everything else,
   * statistics and moved locations included, takes the fallback, so that no path ever changes its
   * target and nothing that a writer commits can land among the replica's own metadata files.
   */
  public static List<PrefixMapping> initialMapping(String tableLocation, String folder) {
    return List.of(
        new PrefixMapping(Paths.withoutTrailingSlashes(tableLocation) + "/data", folder + "/data"));
  }

  private static boolean isEncoded(String segment) {
    return ENCODED.matcher(segment).matches() && !DOTS.matcher(segment).matches();
  }

  // A level that ends like a table's segment ("orders-7") would put one replica's folder inside
  // another's, so its last dash is encoded too.
  private static String encodeLevel(String level) {
    return LIKE_A_TABLE.matcher(encode(level)).replaceFirst("%2D");
  }

  private static String encode(String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a namespace level or table name is empty");
    }
    boolean dots = DOTS.matcher(name).matches();
    StringBuilder out = new StringBuilder();
    for (byte b : utf8(name)) {
      appendByte(out, b, dots);
    }
    return out.toString();
  }

  private static void appendByte(StringBuilder out, byte b, boolean dots) {
    if (isPlain((char) (b & 0xFF)) && !dots) {
      out.append((char) b);
    } else {
      out.append('%').append(String.format("%02X", b & 0xFF));
    }
  }

  private static boolean isPlain(char c) {
    return (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '.'
        || c == '-';
  }

  private static byte[] utf8(String name) {
    try {
      var buffer = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(name));
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a namespace level or table name is not valid Unicode", e);
    }
  }
}
