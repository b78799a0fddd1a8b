/**
 * One lane per replica: claims it, applies its versions in source order, and records why it cannot
 * go on.
 */
@org.jspecify.annotations.NullMarked
package io.twinberg.replicator.lane;
