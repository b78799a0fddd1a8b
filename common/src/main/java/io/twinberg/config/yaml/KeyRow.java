package io.twinberg.config.yaml;

/** What the document says of one key. */
public record KeyRow(String path, String type, String fallback) {}
