/** What the replicator role is told: its ends, and how hard to work. */
@org.jspecify.annotations.NullMarked
package io.twinberg.replicator.settings;
