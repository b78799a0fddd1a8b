package io.twinberg.operation;

/**
 * The right to run an operation for a while.
 *
 * @param token grows with every claim; whoever holds an older one is fenced off
 */
public record Claim(Operation operation, String owner, long token) {}
