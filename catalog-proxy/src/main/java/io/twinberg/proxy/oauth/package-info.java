/** The token endpoint: access tokens for clients that know one of Twinberg's secrets. */
@org.jspecify.annotations.NullMarked
package io.twinberg.proxy.oauth;
