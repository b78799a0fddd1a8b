package io.twinberg.proxy.replica;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.CatalogCall;
import io.twinberg.proxy.catalog.EntityTag;
import io.twinberg.proxy.catalog.Header;
import io.twinberg.proxy.catalog.Query;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Answers a load of a published replica: the metadata's own bytes between the pointer and the
 * reader's settings.
 */
final class TableLoad {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final MetadataBytes metadata;
  private final ReadAccess access;

  TableLoad(MetadataBytes metadata, ReadAccess access) {
    this.metadata = metadata;
    this.access = access;
  }

  CatalogAnswer answer(CatalogCall call, Query query, String location) {
    SnapshotMode mode = SnapshotMode.of(query);
    String settings = json(settings());
    EntityTag tag = EntityTag.of(location, mode.name(), settings);
    Header etag = new Header("ETag", tag.quoted());
    if (call.header("If-None-Match").filter(tag::matches).isPresent()) {
      return new CatalogAnswer(304, List.of(etag), InputStream.nullInputStream());
    }
    byte[] head = utf8("{\"metadata-location\":" + json(location) + ",\"metadata\":");
    byte[] body = metadata.of(location, mode);
    byte[] tail = utf8(",\"config\":" + settings + "}");
    return new CatalogAnswer(
        200,
        List.of(
            new Header("Content-Type", "application/json"),
            new Header("Content-Length", String.valueOf(head.length + body.length + tail.length)),
            etag),
        joined(head, body, tail));
  }

  private static InputStream joined(byte[]... parts) {
    return new SequenceInputStream(
        Collections.enumeration(List.of(parts).stream().map(ByteArrayInputStream::new).toList()));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Sorted, so that one configuration has one tag. Scans are planned by the reader: the source's
   * plans name its files.
   */
  private Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>(access.settings());
    settings.put("scan-planning-mode", "client");
    return settings;
  }
}
