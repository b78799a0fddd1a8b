package io.twinberg.replicator.lane;

import io.twinberg.log.TableVersion;
import io.twinberg.replicator.metadata.MetadataFacts;
import java.util.Optional;

/**
 * The version that a lane applies next, with its metadata.
 *
 * @param gap why versions before it cannot be replayed, when some cannot
 */
record Choice(TableVersion version, byte[] metadata, MetadataFacts facts, Optional<String> gap) {}
