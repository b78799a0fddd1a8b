package io.twinberg.proxy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.filter.Filter;
import io.restassured.filter.FilterContext;
import io.restassured.response.Response;
import io.restassured.specification.FilterableRequestSpecification;
import io.restassured.specification.FilterableResponseSpecification;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Holds every answer of the management API that a test gets against its description. */
public final class DescribedAnswers implements Filter {
  private final ApiDescription description = ApiDescription.read();
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  @Override
  public Response filter(
      FilterableRequestSpecification request,
      FilterableResponseSpecification expected,
      FilterContext context) {
    Response response = context.next(request, expected);
    String path = rawPath(request.getURI());
    description
        .call(request.getMethod(), path)
        .ifPresent(
            call -> {
              seen.add(call + " " + response.statusCode());
              assertThat(
                      description.problems(
                          call,
                          response.statusCode(),
                          response.contentType(),
                          response.body().asString()))
                  .as("%s %s answered %s", request.getMethod(), path, response.body().asString())
                  .isEmpty();
            });
    return response;
  }

  /** Of what may be malformed on purpose, so that {@link java.net.URI} would refuse it. */
  private static String rawPath(String uri) {
    String path = uri.substring(uri.indexOf('/', uri.indexOf("://") + 3));
    return path.split("[?]", 2)[0];
  }

  /** The calls that were answered, each with a status. */
  public Set<String> seen() {
    return Set.copyOf(seen);
  }
}
