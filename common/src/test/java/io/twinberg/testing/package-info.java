/** Real servers that the tests of all modules start. */
@NullMarked
package io.twinberg.testing;

import org.jspecify.annotations.NullMarked;
