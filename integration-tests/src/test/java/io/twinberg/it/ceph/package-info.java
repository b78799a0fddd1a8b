/** Ceph's S3 server from Debian's packages, for tests with a store that is not ours. */
@org.jspecify.annotations.NullMarked
package io.twinberg.it.ceph;
