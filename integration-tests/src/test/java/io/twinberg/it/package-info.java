/** How fast and with how few requests a whole Twinberg replicates. */
@NullMarked
package io.twinberg.it;

import org.jspecify.annotations.NullMarked;
