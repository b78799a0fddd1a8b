/** Tokens that the management API makes: their rows, and what a process knows of them. */
@org.jspecify.annotations.NullMarked
package io.twinberg.token;
