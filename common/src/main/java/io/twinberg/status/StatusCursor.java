package io.twinberg.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Where a page of statuses ended: the sort keys of its last replica. The next page goes on behind
 * them, whatever was created or dropped meanwhile.
 */
public record StatusCursor(List<String> values) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SEAL = 32;

  /** Copies the list. */
  public StatusCursor {
    values = List.copyOf(values);
  }

  /** The cursor as an opaque word that is safe in a URL and good for one list alone. */
  public String token(StatusList list) {
    String plain = json();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((list.seal(plain) + plain).getBytes(StandardCharsets.UTF_8));
  }

  private String json() {
    try {
      return JSON.writeValueAsString(values);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Restores what {@link #token} made for the same list.
   *
   * @throws IllegalArgumentException when it did not make it, or made it for another list
   */
  public static StatusCursor parse(String token, StatusList list) {
    String sealed = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    if (sealed.length() > SEAL) {
      String values = sealed.substring(SEAL);
      if (list.seal(values).equals(sealed.substring(0, SEAL))) {
        return of(values, list);
      }
    }
    throw new IllegalArgumentException("not a page token of this list: " + token);
  }

  private static StatusCursor of(String json, StatusList list) {
    try {
      String[] values = JSON.readValue(json, String[].class);
      if (values != null && list.sort().fit(values)) {
        return new StatusCursor(List.of(values));
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a page token: " + json, e);
    }
    throw new IllegalArgumentException("not a page token: " + json);
  }
}
