package io.twinberg.proxy.guard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.twinberg.log.IntentKind;
import io.twinberg.proxy.capture.MutationRoute;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.iceberg.rest.Endpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No route is served, captured or known to Iceberg's client without an entry in the table. */
class RouteTableTest {
  @TempDir private static Path folder;

  static Stream<String> iceberg() throws IllegalAccessException {
    List<String> all = new ArrayList<>();
    for (var field : Endpoint.class.getDeclaredFields()) {
      if (Modifier.isStatic(field.getModifiers()) && field.getType().equals(Endpoint.class)) {
        field.setAccessible(true);
        all.add(field.get(null).toString());
      }
    }
    assertThat(all).hasSizeGreaterThan(25);
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("iceberg")
  void endpointOfIcebergsClient_hasAnEntry(String endpoint) {
    assertThat(inTable(endpoint)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("served")
  void endpointThatTwinbergServes_hasAnEntry(String endpoint) {
    assertThat(inTable(endpoint)).isTrue();
  }

  static Stream<String> served() throws Exception {
    Set<String> all = new TreeSet<>();
    try (GuardWorld world = new GuardWorld(folder)) {
      for (String catalog : List.of("lake", "eu")) {
        String body = world.send("secret-of-writer", "GET", catalog, "v1/config", "").body();
        JsonNode endpoints = new ObjectMapper().readTree(body).path("endpoints");
        assertThat(endpoints).isNotEmpty();
        endpoints.forEach(endpoint -> all.add(endpoint.asText()));
      }
    }
    return all.stream();
  }

  static Stream<GuardedRoute> table() {
    return RouteTable.ROUTES.stream();
  }

  /** What is logged as a change needs the right to change, and the other way round. */
  @ParameterizedTest
  @MethodSource("table")
  void route_isCapturedExactlyWhenItNeedsToWrite(GuardedRoute route) {
    boolean captured = MutationRoute.of(route.method(), sample(route)).isPresent();

    assertThat(captured).isEqualTo(route.right() == Right.WRITE);
  }

  @ParameterizedTest
  @MethodSource("table")
  void route_isTriedAsEveryKindOfCaller(GuardedRoute route) {
    assertThat(CalledRoute.ALL)
        .anyMatch(
            called ->
                called.method().equals(route.method())
                    && route.matches(
                        called.method(), called.path().split("\\?", 2)[0].split("/", -1)));
  }

  @Test
  void mutation_ofEveryKind_hasAnEntry() {
    Set<IntentKind> kinds = EnumSet.of(IntentKind.OTHER);
    RouteTable.ROUTES.stream()
        .flatMap(route -> MutationRoute.of(route.method(), sample(route)).stream())
        .forEach(route -> kinds.add(route.kind()));

    assertThat(kinds).containsExactlyInAnyOrder(IntentKind.values());
  }

  private static String sample(GuardedRoute route) {
    return route.template().replaceAll("\\{[a-z]+}", "x");
  }

  private static boolean inTable(String endpoint) {
    String[] words = endpoint.split(" ");
    String path = words[1].substring(1).replace("{prefix}/", "");
    return RouteTable.ROUTES.stream().anyMatch(route -> route.matches(words[0], path.split("/")));
  }
}
