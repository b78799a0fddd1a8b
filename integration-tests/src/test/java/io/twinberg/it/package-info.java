/** Twinberg as a whole, between real engines, catalogs and S3 servers. */
@NullMarked
package io.twinberg.it;

import org.jspecify.annotations.NullMarked;
