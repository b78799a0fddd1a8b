/** The REST face of the embedded catalog: routes, bodies, pages, tags and errors. */
@org.jspecify.annotations.NullMarked
package io.twinberg.proxy.embedded;
