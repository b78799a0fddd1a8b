/** Object stores behind one interface: S3 and local files, addressed by full location strings. */
@NullMarked
package io.twinberg.storage;

import org.jspecify.annotations.NullMarked;
