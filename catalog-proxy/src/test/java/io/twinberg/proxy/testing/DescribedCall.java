package io.twinberg.proxy.testing;

import com.fasterxml.jackson.databind.JsonNode;

/** A method of a path as the description of the management API has it. */
public record DescribedCall(String method, String path, JsonNode described) {
  boolean isTemplate() {
    return path.contains("{");
  }

  boolean matches(String wanted, String rawPath) {
    return method.equals(wanted) && rawPath.matches(path.replaceAll("\\{[a-zA-Z]+}", "[^/]+"));
  }

  /** The least role that its callers need, or none. */
  public String role() {
    return described.path("x-required-role").asText("not stated");
  }

  @Override
  public String toString() {
    return method + " " + path;
  }
}
