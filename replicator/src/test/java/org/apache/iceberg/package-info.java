/** Test fixtures that need package-private parts of Iceberg to write and read manifests exactly. */
@NullMarked
package org.apache.iceberg;

import org.jspecify.annotations.NullMarked;
