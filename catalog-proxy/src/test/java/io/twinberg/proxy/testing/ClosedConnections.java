package io.twinberg.proxy.testing;

import io.restassured.RestAssured;
import io.restassured.builder.RequestSpecBuilder;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Has the connections of REST Assured closed behind every answer. It never uses one twice, and a
 * listener that stops waits for connections that are kept: without this, most of a test's time.
 */
public final class ClosedConnections implements BeforeAllCallback {
  @Override
  public void beforeAll(ExtensionContext context) {
    RestAssured.requestSpecification =
        new RequestSpecBuilder().addHeader("Connection", "close").build();
  }
}
