/**
 * The demonstration: real tables, commits and a replica on this machine, and the proof that it is
 * right.
 */
@org.jspecify.annotations.NullMarked
package io.twinberg.command.demo;
