package io.twinberg.token;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** What proves that somebody holds a token, shown to its maker once; never print or store it. */
public record TokenSecret(String value) {
  private static final String PREFIX = "twb_";
  private static final int RANDOM_BYTES = 32;
  private static final int LENGTH = PREFIX.length() + 43;
  private static final Pattern ANYWHERE = Pattern.compile(PREFIX + "(access_)?[A-Za-z0-9_.-]{20,}");
  private static final SecureRandom RANDOM = new SecureRandom();

  /** A new one, of 256 random bits behind a prefix that scanners for leaked secrets can find. */
  public static TokenSecret random() {
    return new TokenSecret(
        PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(randomBytes()));
  }

  /** 256 random bits in hexadecimal digits. */
  public static String randomKey() {
    return HexFormat.of().formatHex(randomBytes());
  }

  private static byte[] randomBytes() {
    byte[] bytes = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  /** Whether a text could be one by its form; others need not be looked for. */
  public static boolean hasForm(String text) {
    return text.length() == LENGTH && text.startsWith(PREFIX);
  }

  /** A text that is to be kept or shown, without the secrets that somebody put into it. */
  public static String masked(String text) {
    return ANYWHERE.matcher(text).replaceAll(PREFIX + "****");
  }

  /**
   * What is stored in its place. A slow hash with salt is for what people make up: of 256 random
   * bits nobody can try out a part worth mentioning, however fast.
   */
  public String hash() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return PREFIX + "****";
  }
}
