/**
 * The configuration: one record per concern with its keys and defaults beside it, read once at
 * start.
 */
@NullMarked
package io.twinberg.config;

import org.jspecify.annotations.NullMarked;
