/** What {@code twinberg check} looks at: each end, the database, the clocks and the grants. */
@NullMarked
package io.twinberg.command.check;

import org.jspecify.annotations.NullMarked;
