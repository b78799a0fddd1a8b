package io.twinberg.proxy.embedded;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.iceberg.exceptions.BadRequestException;

/** Decodes percent-encoded text once, as RFC 3986 has it: a plus is a plus. */
final class PercentCoding {
  private PercentCoding() {}

  static String decode(String encoded) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
    byte[] raw = encoded.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] == '%') {
        bytes.write(hex(encoded, raw, i + 1) << 4 | hex(encoded, raw, i + 2));
        i += 2;
      } else {
        bytes.write(raw[i]);
      }
    }
    return text(encoded, bytes.toByteArray());
  }

  private static int hex(String encoded, byte[] raw, int at) {
    int digit = at < raw.length ? Character.digit(raw[at], 16) : -1;
    if (digit < 0) {
      throw malformed(encoded);
    }
    return digit;
  }

  private static String text(String encoded, byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw malformed(encoded);
    }
  }

  private static BadRequestException malformed(String encoded) {
    return new BadRequestException("Malformed percent-encoding: %s", encoded);
  }
}
