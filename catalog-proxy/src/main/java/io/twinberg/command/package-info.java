/**
 * The {@code twinberg} command: reads the configuration and wires the roles. The only package that
 * sees all of them.
 */
@org.jspecify.annotations.NullMarked
package io.twinberg.command;
