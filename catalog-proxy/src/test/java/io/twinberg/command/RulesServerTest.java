package io.twinberg.command;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.twinberg.proxy.testing.DescribedAnswers;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.RESTCatalog;
import org.junit.jupiter.api.Test;

/** Rules of the API in a whole process: which replicas they make, and which they would. */
class RulesServerTest extends RulesServerSuite {
  private static final TableIdentifier ITEMS = TableIdentifier.of("sales", "items");
  private static final String OPERATIONS = "/management/v1/operations";

  @Test
  void rules_theNarrowestReplacesWiderOnesWhole() throws IOException {
    create(source, ORDERS);
    create(source, ITEMS);
    create(source, TableIdentifier.of("hr", "people"));

    put("one", "", "{\"destinations\":[\"eu\"]}").statusCode(201);
    awaitReplicas(
        Map.of("eu sales.orders", "active", "eu sales.items", "active", "eu hr.people", "active"));

    put("one", "/namespaces/sales", "{\"destinations\":[\"us\"]}")
        .statusCode(201)
        .body("effects.destinations.us.begin", is(2))
        .body("effects.destinations.eu.stop", is(2));
    put("one", "/namespaces/sales/tables/items", "{\"destinations\":[\"eu\",\"us\"]}")
        .statusCode(201);
    awaitReplicas(
        Map.of(
            "eu sales.orders", "unmatched",
            "us sales.orders", "active",
            "eu sales.items", "active",
            "us sales.items", "active",
            "eu hr.people", "active"));

    delete("one", "/namespaces/sales").statusCode(200);
    awaitReplicas(
        Map.of(
            "eu sales.orders", "active",
            "us sales.orders", "unmatched",
            "eu sales.items", "active",
            "us sales.items", "active",
            "eu hr.people", "active"));
  }

  @Test
  void plan_asIfARuleWerePut_isWhatItThenCopies() throws IOException {
    Table orders = create(source, ORDERS);
    append(orders, "a");
    Table items = create(source, ITEMS);
    append(items, "b");
    put("one", "/namespaces/sales/tables/items", "{\"destinations\":[\"us\"]}").statusCode(201);
    awaitSnapshot("us", ITEMS, items);

    planned("{\"kind\":\"plan\",\"source\":\"one\",\"rule\":{\"destinations\":[\"eu\"]}}")
        .body("result.ok", is(true))
        .body("result.reports.table", is(List.of("orders")))
        .body("result.begin", is(1))
        .body("result.toCopy.files", is(1))
        .body("result.toCopy.bytes", is(4096));
    planned(
            "{\"kind\":\"plan\",\"source\":\"one\",\"rule\":{\"destinations\":[\"eu\"],\"status\":\"disabled\"}}")
        .body("result.replicas", is(0));
    put("one", "", "{\"destinations\":[\"eu\"]}").statusCode(201);
    awaitSnapshot("eu", ORDERS, orders);
    planned("{\"kind\":\"plan\",\"source\":\"one\"}")
        .body("result.replicas", is(2))
        .body("result.destinations.destination", is(List.of("eu", "us")))
        .body("result.total.files", is(2))
        .body("result.toCopy.files", is(0))
        .body(
            "summary",
            is("0 files (0 bytes) to copy of 2 files (8,192 bytes) in 2 replicas of 2 tables"));
  }

  private ValidatableResponse planned(String body) {
    String operation =
        described().contentType("application/json").body(body).post(OPERATIONS).header("Location");
    await()
        .atMost(LONG)
        .until(() -> described().get(operation).jsonPath().getString("state").equals("completed"));
    return described().get(operation).then();
  }

  private RequestSpecification described() {
    return management().filter(new DescribedAnswers());
  }

  @Test
  void sources_gatheredInOneDestination_areToldApartByTheMapping() throws IOException {
    try (RESTCatalog two = catalog("two");
        RESTCatalog three = catalog("three")) {
      for (RESTCatalog each : List.of(source, two, three)) {
        create(each, ORDERS);
      }
      for (String name : List.of("one", "two", "three")) {
        put(name, "", "{\"destinations\":[\"all\"]}").statusCode(201);
      }
      awaitReplicas(
          Map.of(
              "all one.sales.orders", "active",
              "all two.sales.orders", "active",
              "all three.sales.orders", "active"));

      put("one", "/namespaces/sales/tables/orders", "{\"destinations\":[\"all\",\"eu\"]}")
          .statusCode(201);
      put("two", "/namespaces/sales/tables/orders", "{\"destinations\":[\"eu\"]}")
          .statusCode(409)
          .body("error.message", containsString("table sales.orders of one"))
          .body("error.message", containsString("table sales.orders of two"))
          .body("error.message", containsString("namespace-mapping"));
      awaitReplicas(
          Map.of(
              "all one.sales.orders", "active",
              "eu sales.orders", "active",
              "all two.sales.orders", "active",
              "all three.sales.orders", "active"));
    }
  }
}
