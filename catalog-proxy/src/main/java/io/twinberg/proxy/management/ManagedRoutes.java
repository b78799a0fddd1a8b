package io.twinberg.proxy.management;

import java.util.List;

/** A part of the management API: the routes of one concern. */
@FunctionalInterface
public interface ManagedRoutes {
  /** The routes, each with the role that it needs; the same ones at every call. */
  List<ManagedRoute> routes();
}
