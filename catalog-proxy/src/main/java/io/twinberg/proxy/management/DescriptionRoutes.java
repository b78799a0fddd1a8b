package io.twinberg.proxy.management;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/** The description of the management API for tools, in OpenAPI; it is public and holds no facts. */
public final class DescriptionRoutes implements ManagedRoutes {
  static final String PATH = "/management/v1/openapi.yaml";

  /** Of docs/, packed beside this class. */
  private static final String FILE = "openapi.yaml";

  @Override
  public List<ManagedRoute> routes() {
    return List.of(ManagedRoute.open(PATH, DescriptionRoutes::describe));
  }

  private static void describe(Context context) {
    try (InputStream file = DescriptionRoutes.class.getResourceAsStream(FILE)) {
      byte[] text = Objects.requireNonNull(file, FILE + " is not packed").readAllBytes();
      context.contentType("application/yaml").result(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
