/**
 * Who Twinberg is at a catalog: turns an outgoing call into the headers that prove it, and keeps
 * what that takes (tokens, keys) to itself.
 */
@org.jspecify.annotations.NullMarked
package io.twinberg.identity;
