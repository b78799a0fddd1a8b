package io.twinberg.proxy.catalog;

/** One header line as it came. */
public record Header(String name, String value) {}
