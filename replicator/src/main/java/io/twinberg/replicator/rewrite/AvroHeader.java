package io.twinberg.replicator.rewrite;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;

/**
 * The header of an Avro file: its bytes as they stand, written to the copy untouched, and what they
 * say. The copy keeps the source's sync marker too, so that one input gives one output.
 *
 * @param bytes everything in front of the first block: magic, metadata, sync marker
 */
record AvroHeader(byte[] bytes, Map<String, byte[]> metadata) {

  static final int SYNC_BYTES = 16;

  private static final int HIGHEST_FORMAT_VERSION = 3;

  byte[] syncMarker() {
    return Arrays.copyOfRange(bytes, bytes.length - SYNC_BYTES, bytes.length);
  }

  /** The codec's name; Avro says that a missing one means no compression. */
  String codec() {
    return text("avro.codec", "null");
  }

  /** The writer schema; names are not checked, as Avro's own file reader does not check them. */
  Schema schema() {
    String json = text("avro.schema", "");
    if (json.isEmpty()) {
      throw new CorruptManifestException("the header has no avro.schema");
    }
    try {
      return new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false).parse(json);
    } catch (RuntimeException e) {
      // Avro answers strange JSON with exceptions of many kinds, null pointers among them.
      throw new CorruptManifestException("avro.schema in the header cannot be parsed", e);
    }
  }

  /** Refuses what later format versions may bring; version 4 may hold relative paths. */
  void requireKnownFormatVersion() {
    String version = text("format-version", "1");
    int number;
    try {
      number = Integer.parseInt(version);
    } catch (NumberFormatException e) {
      throw new CorruptManifestException("format-version in the header is '" + version + "'", e);
    }
    if (number > HIGHEST_FORMAT_VERSION) {
      throw new UnsupportedManifestException(
          "format version " + number + "; versions up to " + HIGHEST_FORMAT_VERSION + " are known");
    }
  }

  String text(String key, String otherwise) {
    byte[] value = metadata.get(key);
    return value == null ? otherwise : new String(value, StandardCharsets.UTF_8);
  }
}
