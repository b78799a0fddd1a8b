/**
 * The commit log: intents of commits under way, and the versions of every source table in chain
 * order.
 */
@org.jspecify.annotations.NullMarked
package io.twinberg.log;
