package io.twinberg.proxy.management;

/**
 * A source or destination as people may know it, without any settings.
 *
 * @param kind such as {@code embedded}, {@code rest}, {@code s3} or {@code file}
 */
public record NamedCatalog(String name, String kind) {}
