/** How far behind its source a replica is, beside what the stores' own requests take. */
@org.jspecify.annotations.NullMarked
package io.twinberg.it.lag;
