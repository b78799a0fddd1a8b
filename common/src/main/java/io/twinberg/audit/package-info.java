/** The audit: an append-only record of who did what, and what came of it. */
@org.jspecify.annotations.NullMarked
package io.twinberg.audit;
