/** Places where tests can crash the product between two steps. */
@org.jspecify.annotations.NullMarked
package io.twinberg.fault;
