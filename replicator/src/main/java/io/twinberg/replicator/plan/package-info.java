/** What a replica lacks of a version, and under which names it will stand at the destination. */
@org.jspecify.annotations.NullMarked
package io.twinberg.replicator.plan;
