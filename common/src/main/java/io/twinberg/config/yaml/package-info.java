/** A small reader of YAML against a schema that reports every problem with its key and line. */
@NullMarked
package io.twinberg.config.yaml;

import org.jspecify.annotations.NullMarked;
