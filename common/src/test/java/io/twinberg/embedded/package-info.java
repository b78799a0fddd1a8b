/** Tests of the embedded catalog below its REST face. */
@org.jspecify.annotations.NullMarked
package io.twinberg.embedded;
