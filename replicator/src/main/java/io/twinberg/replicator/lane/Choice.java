package io.twinberg.replicator.lane;

import io.twinberg.log.TableVersion;
import io.twinberg.replicator.metadata.MetadataFacts;

/** The version that a lane applies next, with its metadata. */
record Choice(TableVersion version, byte[] metadata, MetadataFacts facts) {}
