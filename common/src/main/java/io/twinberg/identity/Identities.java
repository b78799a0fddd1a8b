package io.twinberg.identity;

import io.twinberg.config.Secret;
import io.twinberg.config.SourceAuth;
import java.net.URI;
import java.time.Clock;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** The identities that a configuration can name. */
public final class Identities {
  private Identities() {}

  /**
   * The identity at a catalog; nothing is fetched before it is first used.
   *
   * @param catalog the catalog's base URI, the part before {@code /v1}
   */
  public static Identity of(SourceAuth auth, URI catalog, Clock clock) {
    if (auth instanceof SourceAuth.Bearer bearer) {
      return Identity.bearer(bearer.token().reveal());
    }
    if (auth instanceof SourceAuth.OAuth2 oauth2) {
      return oauth2(oauth2, catalog, clock);
    }
    if (auth instanceof SourceAuth.SigV4 sigv4) {
      return new SigV4Identity(sigv4.signingName(), sigv4.region(), keys(sigv4), clock);
    }
    return Identity.none();
  }

  private static Identity oauth2(SourceAuth.OAuth2 oauth2, URI catalog, Clock clock) {
    URI server = oauth2.serverUri().orElseGet(() -> tokensOf(catalog));
    ClientCredential credential = ClientCredential.parse(oauth2.credential().reveal());
    return new OAuth2Identity(
        new TokenEndpoint(server, credential, oauth2.scope(), clock, TokenEndpoint.DEFAULT_TIMEOUT),
        clock);
  }

  private static URI tokensOf(URI catalog) {
    return URI.create(catalog.toString().replaceFirst("/+$", "") + "/v1/oauth/tokens");
  }

  private static AwsCredentialsProvider keys(SourceAuth.SigV4 sigv4) {
    return sigv4
        .accessKeyId()
        .<AwsCredentialsProvider>map(
            id ->
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(
                        id.reveal(), sigv4.secretAccessKey().map(Secret::reveal).orElseThrow())))
        .orElseGet(() -> DefaultCredentialsProvider.builder().build());
  }
}
