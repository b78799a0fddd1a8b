/** Tests of the embedded catalog's REST face. */
@org.jspecify.annotations.NullMarked
package io.twinberg.proxy.embedded;
