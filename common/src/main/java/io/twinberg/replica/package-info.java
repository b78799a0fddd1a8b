/**
 * The replica catalog: replicas with their pointers, leases, ledgers and receipts, and the
 * transaction that publishes.
 */
@org.jspecify.annotations.NullMarked
package io.twinberg.replica;
