/** Who may read and write served catalogs, by Twinberg's own tokens. */
@org.jspecify.annotations.NullMarked
package io.twinberg.proxy.access;
