package io.twinberg.proxy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.filter.Filter;
import io.restassured.filter.FilterContext;
import io.restassured.response.Response;
import io.restassured.specification.FilterableRequestSpecification;
import io.restassured.specification.FilterableResponseSpecification;
import java.net.URI;
import java.util.HashSet;
import java.util.Set;

/** Holds every answer of the management API that a test gets against its description. */
public final class DescribedAnswers implements Filter {
  private final ApiDescription description = ApiDescription.read();
  private final Set<String> seen = new HashSet<>();

  @Override
  public Response filter(
      FilterableRequestSpecification request,
      FilterableResponseSpecification expected,
      FilterContext context) {
    Response response = context.next(request, expected);
    String path = URI.create(request.getURI()).getRawPath();
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

  /** The calls that were answered, each with a status. */
  public Set<String> seen() {
    return Set.copyOf(seen);
  }
}
