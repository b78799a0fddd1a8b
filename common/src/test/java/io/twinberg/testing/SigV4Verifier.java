package io.twinberg.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks AWS signatures (version 4) as a service other than S3 does, written from the specification
 * alone: no code of the AWS SDK takes part.
 */
public record SigV4Verifier(String region, String service, String keyId, String secret) {
  private static final Duration SKEW = Duration.ofMinutes(5);
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d{8})/([^/]+)/([^/]+)/aws4_request, "
              + "SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})");

  /** What is wrong with a request; empty if its signature holds. */
  public Optional<String> complaint(
      String method, String target, Map<String, List<String>> received, byte[] body, Instant now) {
    Map<String, List<String>> headers = new TreeMap<>();
    received.forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
    Matcher proof = AUTHORIZATION.matcher(first(headers, "authorization"));
    if (!proof.matches()) {
      return Optional.of("no signature");
    }
    String stamp = first(headers, "x-amz-date");
    if (!proof.group(1).equals(keyId)
        || !proof.group(3).equals(region)
        || !proof.group(4).equals(service)
        || !stamp.startsWith(proof.group(2))) {
      return Optional.of("wrong scope");
    }
    if (Duration.between(Instant.from(STAMP.parse(stamp)), now).abs().compareTo(SKEW) > 0) {
      return Optional.of("too old");
    }
    List<String> signed = List.of(proof.group(5).split(";"));
    if (!signed.contains("host")
        || headers.keySet().stream().anyMatch(n -> n.startsWith("x-amz-") && !signed.contains(n))) {
      return Optional.of("unsigned headers");
    }
    // The header is a service's own wish; the signature covers the body's hash in any case.
    if (headers.containsKey("x-amz-content-sha256")
        && !first(headers, "x-amz-content-sha256").equals(hash(body))) {
      return Optional.of("another body");
    }
    String[] parts = target.split("\\?", 2);
    String canonical =
        String.join(
            "\n",
            method,
            encoded(normalised(parts[0]).getBytes(StandardCharsets.UTF_8), true),
            parts.length > 1 ? query(parts[1]) : "",
            canonicalHeaders(headers, signed),
            proof.group(5),
            hash(body));
    String scope = proof.group(2) + "/" + region + "/" + service + "/aws4_request";
    String toSign =
        String.join(
            "\n",
            "AWS4-HMAC-SHA256",
            stamp,
            scope,
            hash(canonical.getBytes(StandardCharsets.UTF_8)));
    byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
    for (String part : scope.split("/")) {
      key = hmac(key, part);
    }
    boolean same = HexFormat.of().formatHex(hmac(key, toSign)).equals(proof.group(6));
    return same ? Optional.empty() : Optional.of("wrong signature over\n" + canonical);
  }

  private static String first(Map<String, List<String>> headers, String name) {
    return headers.getOrDefault(name, List.of("")).get(0);
  }

  /** RFC 3986, 5.2.4, and doubled slashes as one. */
  private static String normalised(String path) {
    Deque<String> kept = new ArrayDeque<>();
    String[] segments = path.split("/", -1);
    for (String segment : segments) {
      if (segment.equals("..")) {
        kept.pollLast();
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        kept.add(segment);
      }
    }
    String last = segments[segments.length - 1];
    boolean folder = !kept.isEmpty() && (last.isEmpty() || last.equals(".") || last.equals(".."));
    return "/" + String.join("/", kept) + (folder ? "/" : "");
  }

  private static String query(String raw) {
    return Arrays.stream(raw.split("&"))
        .filter(parameter -> !parameter.isEmpty() && !parameter.startsWith("="))
        .map(parameter -> parameter.split("=", 2))
        .map(pair -> new String[] {form(pair[0]), pair.length > 1 ? form(pair[1]) : ""})
        .sorted((a, b) -> a[0].equals(b[0]) ? a[1].compareTo(b[1]) : a[0].compareTo(b[0]))
        .map(pair -> pair[0] + "=" + pair[1])
        .collect(Collectors.joining("&"));
  }

  private static String form(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        bytes.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
        i += 2;
      } else {
        bytes.write(c == '+' ? ' ' : c);
      }
    }
    return encoded(bytes.toByteArray(), false);
  }

  private static String encoded(byte[] text, boolean keepSlashes) {
    StringBuilder encoded = new StringBuilder();
    for (byte one : text) {
      char c = (char) (one & 0xff);
      boolean plain = c < 128 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0);
      if (plain || (keepSlashes && c == '/')) {
        encoded.append(c);
      } else {
        encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(one));
      }
    }
    return encoded.toString();
  }

  private static String canonicalHeaders(Map<String, List<String>> headers, List<String> signed) {
    return signed.stream()
        .map(
            name ->
                name
                    + ":"
                    + headers.getOrDefault(name, List.of()).stream()
                        .map(value -> value.strip().replaceAll(" +", " "))
                        .collect(Collectors.joining(","))
                    + "\n")
        .collect(Collectors.joining());
  }

  private static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
