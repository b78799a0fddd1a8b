/** TLS for listeners: keys and certificates in PEM files, read again when they change. */
@org.jspecify.annotations.NullMarked
package io.twinberg.proxy.tls;
