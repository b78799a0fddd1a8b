/** JWTs of an OpenID Connect issuer: whether they are right, and what they allow. */
@org.jspecify.annotations.NullMarked
package io.twinberg.proxy.oidc;
