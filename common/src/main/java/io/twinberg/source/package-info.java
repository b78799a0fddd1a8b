/** Lists and loads what a source catalog holds, with Twinberg's own identity and read only. */
@org.jspecify.annotations.NullMarked
package io.twinberg.source;
