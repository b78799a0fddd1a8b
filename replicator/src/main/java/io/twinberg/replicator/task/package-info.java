/** Small idempotent pieces of work on files, and the pools that run them. */
@org.jspecify.annotations.NullMarked
package io.twinberg.replicator.task;
