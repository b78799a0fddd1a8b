/** Reads the files of a source's tables, with Twinberg's own keys or with those that it vends. */
@NullMarked
package io.twinberg.files;

import org.jspecify.annotations.NullMarked;
