package io.twinberg.proxy.guard;

import java.util.ArrayList;
import java.util.List;

/** One route of Iceberg REST and what it needs; the template is the path without any prefix. */
record GuardedRoute(String method, String template, Right right, Scope scope) {
  boolean matches(String called, String[] path) {
    String[] parts = template.split("/");
    if (!method.equals(called) || parts.length != path.length) {
      return false;
    }
    for (int i = 0; i < path.length; i++) {
      boolean fits = isName(parts[i]) ? !path[i].isEmpty() : parts[i].equals(path[i]);
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  /** The raw segments of a matching path that are names; the first is the namespace. */
  List<String> namesIn(String path) {
    String[] parts = template.split("/");
    String[] segments = path.split("/", -1);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < parts.length; i++) {
      if (isName(parts[i])) {
        names.add(segments[i]);
      }
    }
    return names;
  }

  private static boolean isName(String part) {
    return part.startsWith("{");
  }
}
