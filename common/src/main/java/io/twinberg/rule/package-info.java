/** The rules that hold: those of the file and, beside them, those of the management API. */
@org.jspecify.annotations.NullMarked
package io.twinberg.rule;
