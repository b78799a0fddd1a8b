package io.twinberg.proxy.http;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * One named reason why this process may not be ready.
 *
 * @param problem the problem in words, empty when there is none; answers quickly
 */
public record ReadinessCheck(String name, Supplier<Optional<String>> problem) {}
