package io.twinberg.status;

import io.twinberg.database.NamespaceColumn;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * Where a page of statuses ended: the target of its last replica. The next page goes on behind it,
 * whatever was created or dropped meanwhile.
 */
public record StatusCursor(String destination, String namespace, String name) {
  private static final String SEPARATOR = "\n";

  static StatusCursor after(ReplicaStatus last) {
    TableIdentifier target = last.target();
    return new StatusCursor(
        last.destination(), NamespaceColumn.of(target.namespace()), target.name());
  }

  /** The cursor as an opaque word that is safe in a URL. */
  public String token() {
    // A destination and a JSON array hold no raw line break, so that the first two end the first
    // parts.
    String plain = String.join(SEPARATOR, destination, namespace, name);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(plain.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Restores what {@link #token} made.
   *
   * @throws IllegalArgumentException when it did not make it
   */
  public static StatusCursor parse(String token) {
    byte[] plain = Base64.getUrlDecoder().decode(token);
    String[] parts = new String(plain, StandardCharsets.UTF_8).split(SEPARATOR, 3);
    if (parts.length != 3) {
      throw new IllegalArgumentException("not a page token: " + token);
    }
    return new StatusCursor(parts[0], parts[1], parts[2]);
  }
}
