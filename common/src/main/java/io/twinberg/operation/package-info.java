/** Operations: actions that somebody asked for, which a replicator claims, runs and answers. */
@org.jspecify.annotations.NullMarked
package io.twinberg.operation;
