/** Measures the manifest transcoder against Iceberg's own ways of copying a manifest. */
@NullMarked
package io.twinberg.replicator.rewrite.bench;

import org.jspecify.annotations.NullMarked;
