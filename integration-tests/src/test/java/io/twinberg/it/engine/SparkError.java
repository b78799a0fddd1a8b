package io.twinberg.it.engine;

/** How a statement failed in Spark: the class of the exception and its message. */
public record SparkError(String type, String message) {}
