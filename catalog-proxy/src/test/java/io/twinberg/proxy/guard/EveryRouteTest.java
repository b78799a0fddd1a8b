package io.twinberg.proxy.guard;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.twinberg.proxy.guard.CalledRoute.Need;
import io.twinberg.proxy.testing.FakeUpstream.Received;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Guarantee G12: every route, as every kind of caller, at every kind of catalog. */
class EveryRouteTest {
  private static final List<String> GRANTED = List.of("a", "b");
  private static final List<List<String>> NAMESPACES =
      List.of(
          GRANTED,
          List.of("a", "b", "c"),
          List.of("a"),
          List.of("a", "bb"),
          List.of("A", "b"),
          List.of("x"));

  @TempDir private static Path folder;
  private static GuardWorld world;

  @BeforeAll
  static void start() {
    world = new GuardWorld(folder);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  static Stream<CalledRoute> routes() {
    return CalledRoute.ALL.stream();
  }

  @ParameterizedTest
  @MethodSource("routes")
  void call_withoutKnownCredential_isRefusedBeforeAnythingElse(CalledRoute route) throws Exception {
    for (String catalog : GuardWorld.GUARDED) {
      for (Map.Entry<String, String> stranger : strangers().entrySet()) {
        RawAnswer answer = send(stranger.getValue(), catalog, route, GRANTED);

        assertThat(answer.statusCode()).as("%s at %s", stranger.getKey(), catalog).isEqualTo(401);
        assertThat(world.passed()).as("%s at %s", stranger.getKey(), catalog).isEmpty();
      }
    }
  }

  private static Map<String, String> strangers() {
    String none = new PlainJWT(new JWTClaimsSet.Builder().subject("writer").build()).serialize();
    Map<String, String> all = new LinkedHashMap<>();
    all.put("anonymous", "");
    all.put("wrong secret", "secret-of-writer2");
    all.put("expired", world.accessToken("writer", Duration.ofHours(1)));
    all.put("signed with another secret", world.foreignAccessToken("writer"));
    all.put("of a removed token", world.foreignAccessToken("removed"));
    all.put("alg none", none);
    all.put("alg none with the signature of another", none + signature());
    return all;
  }

  private static String signature() {
    String real = world.accessToken("writer", Duration.ZERO);
    return real.substring(real.lastIndexOf('.') + 1);
  }

  @ParameterizedTest
  @MethodSource("routes")
  void call_ofKnownCaller_isDecidedByItsGrants(CalledRoute route) throws Exception {
    for (String catalog : GuardWorld.GUARDED) {
      for (List<String> namespace : NAMESPACES) {
        for (String caller :
            List.of(
                "reader", "part-reader", "writer", "part-writer", "mixed", "other", "manager")) {
          boolean may = may(caller, need(route, catalog), namespace);

          RawAnswer answer = send("secret-of-" + caller, catalog, route, namespace);

          String what = "%s at %s in %s".formatted(caller, catalog, namespace);
          assertThat(world.passed().size()).as(what).isEqualTo(may ? 1 : 0);
          if (!may) {
            assertThat(answer.statusCode()).as(what).isEqualTo(403);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("routes")
  void accessToken_isWorthAsMuchAsItsSecret(CalledRoute route) throws Exception {
    for (String caller : List.of("reader", "part-writer", "other")) {
      send("secret-of-" + caller, "ours", route, GRANTED);
      int bySecret = world.passed().size();
      send(world.accessToken(caller, Duration.ofMinutes(59)), "ours", route, GRANTED);

      assertThat(world.passed()).as(caller).hasSize(bySecret);
    }
  }

  @ParameterizedTest
  @MethodSource("routes")
  void refusal_doesNotTellWhatExists(CalledRoute route) throws Exception {
    String here = send("secret-of-other", "lake", route, GRANTED).body();
    String missing = send("secret-of-other", "lake", route, List.of("never", "made")).body();

    assertThat(here).isEqualTo(missing);
  }

  /** With {@code forward: client} the upstream decides, by what the caller sent. */
  @ParameterizedTest
  @MethodSource("routes")
  void callOnForwardingSource_isTheUpstreamsToDecide(CalledRoute route) throws Exception {
    for (String bearer : List.of("known-to-them-only", "secret-of-other")) {
      int before = world.upstream.received().size() + world.upstream.configRequests().size();

      RawAnswer answer = send(bearer, "theirs", route, GRANTED);

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(world.upstream.received().size() + world.upstream.configRequests().size())
          .isGreaterThan(before);
      if (!route.path().equals("v1/config")) {
        List<Received> all = world.upstream.received();
        assertThat(all.get(all.size() - 1).header("Authorization")).contains("Bearer " + bearer);
      }
    }
  }

  private static RawAnswer send(
      String bearer, String catalog, CalledRoute route, List<String> namespace) throws Exception {
    return world.send(
        bearer, route.method(), catalog, route.pathIn(namespace), route.bodyIn(namespace));
  }

  private static Need need(CalledRoute route, String catalog) {
    if (route.need() != Need.CREDENTIALS) {
      return route.need();
    }
    return catalog.equals("eu") ? Need.READING : Need.WRITING;
  }

  private static boolean may(String caller, Need need, List<String> namespace) {
    boolean granted = namespace.size() >= 2 && namespace.subList(0, 2).equals(GRANTED);
    boolean onTheWay = granted || namespace.equals(List.of("a"));
    Set<Need> reading = Set.of(Need.ANY_GRANT, Need.SEEING, Need.READING, Need.READING_ALL);
    boolean partly =
        need == Need.ANY_GRANT
            || (need == Need.SEEING && onTheWay)
            || (need == Need.READING && granted);
    return switch (caller) {
      case "writer" -> true;
      case "reader" -> reading.contains(need);
      case "part-reader" -> partly;
      case "part-writer" -> partly || (need == Need.WRITING && granted);
      case "mixed" -> reading.contains(need) || (need == Need.WRITING && granted);
      default -> false;
    };
  }
}
