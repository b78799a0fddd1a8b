package io.twinberg.proxy.http;

import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The ids by which a request is found in logs and intents. */
public final class RequestIds {
  /** The header that bears them, in requests and answers. */
  public static final String HEADER = "X-Request-ID";

  private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

  private RequestIds() {}

  /** The client's own id where it is short and plain, else a new one. */
  public static String of(@Nullable String fromClient) {
    return fromClient != null && SANE.matcher(fromClient).matches()
        ? fromClient
        : UUID.randomUUID().toString();
  }
}
