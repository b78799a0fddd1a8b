/**
 * The expiry guard: commits that remove snapshots wait, for a while, until every replica has them.
 */
@org.jspecify.annotations.NullMarked
package io.twinberg.proxy.expiry;
