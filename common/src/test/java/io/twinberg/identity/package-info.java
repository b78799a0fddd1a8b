/** Tests of Twinberg's own identities at catalogs. */
@org.jspecify.annotations.NullMarked
package io.twinberg.identity;
