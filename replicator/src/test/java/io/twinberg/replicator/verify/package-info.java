/** Tests of verification: every kind of damage is found. */
@org.jspecify.annotations.NullMarked
package io.twinberg.replicator.verify;
