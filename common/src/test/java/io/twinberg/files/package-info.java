/** Tests of how the files of a source are read. */
@org.jspecify.annotations.NullMarked
package io.twinberg.files;
