package io.twinberg.proxy.guard;

import io.twinberg.proxy.catalog.Caller;
import io.twinberg.proxy.catalog.Caller.Access;
import io.twinberg.proxy.catalog.CatalogCall;
import io.twinberg.proxy.catalog.Header;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Decides which calls on a catalog their callers may make. */
final class RouteGuard {
  private static final String DELEGATION = "x-iceberg-access-delegation";

  /** By these a server may take another method or path than the one that was checked. */
  private static final Set<String> REROUTING =
      Set.of(
          "x-http-method",
          "x-http-method-override",
          "x-method-override",
          "x-original-url",
          "x-rewrite-url");

  private static final Set<Scope> IN_BODY = Set.of(Scope.CREATED, Scope.RENAMED, Scope.CHANGED);

  private final String catalog;
  private final CatalogKind kind;
  private final Names names;
  private final Targets targets;

  RouteGuard(String catalog, CatalogKind kind) {
    this.catalog = catalog;
    this.kind = kind;
    this.names = new Names(kind.isForeign());
    this.targets = new Targets(names);
  }

  /** What goes on of a call, which may have been read and lost headers. */
  record Admitted(CatalogCall call, boolean filtered) {}

  /**
   * Lets a call pass that the caller's grants allow.
   *
   * @throws RefusedException when they do not
   */
  Admitted admit(CatalogCall call) {
    Access access = call.caller().access();
    if (access.mayWrite(catalog)) {
      return new Admitted(without(call, REROUTING), false);
    }
    if (!access.mayEnter(catalog)) {
      throw refusal(call.caller(), "read");
    }
    GuardedRoute route = RouteTable.find(call.method(), call.path(), names);
    ReadCall read = mustBeRead(route) ? ReadCall.whole(call) : ReadCall.unread(call);
    Right right = right(route, read);
    Optional<List<List<String>>> touched = targets.of(route, read);
    if (!mayWholly(access, right) && !mayAll(access, right, touched)) {
      throw refusal(call.caller(), right == Right.WRITE ? "write" : "read");
    }
    boolean filtered =
        right == Right.SEE && route.scope() == Scope.PARENT && !access.mayRead(catalog);
    return new Admitted(stripped(read.call(), access, touched), filtered);
  }

  private static boolean mustBeRead(GuardedRoute route) {
    return route.right() == Right.SIGN || IN_BODY.contains(route.scope());
  }

  /** Settles what depends on the catalog or the body; from here on only four rights are left. */
  private Right right(GuardedRoute route, ReadCall read) {
    return switch (route.right()) {
      case VENDED -> kind.vendsWrites() ? Right.WRITE : Right.READ;
      case SIGN -> BodyNames.signsReading(read.body()) ? Right.READ : Right.WRITE;
      default -> route.right();
    };
  }

  private boolean mayWholly(Access access, Right right) {
    return right == Right.ENTER || (right != Right.WRITE && access.mayRead(catalog));
  }

  private boolean mayAll(Access access, Right right, Optional<List<List<String>>> touched) {
    return touched
        .filter(all -> all.stream().allMatch(namespace -> may(access, right, namespace)))
        .isPresent();
  }

  private boolean may(Access access, Right right, List<String> namespace) {
    return switch (right) {
      case SEE -> access.maySee(catalog, namespace);
      case READ -> access.mayRead(catalog, namespace);
      default -> access.mayWrite(catalog, namespace);
    };
  }

  /** Credentials that a catalog hands out for its storage can write: they are for writers alone. */
  private CatalogCall stripped(
      CatalogCall call, Access access, Optional<List<List<String>>> touched) {
    CatalogCall plain = without(call, REROUTING);
    boolean keeps = !kind.vendsWrites() || mayAll(access, Right.WRITE, touched);
    return keeps ? plain : without(plain, Set.of(DELEGATION));
  }

  private static CatalogCall without(CatalogCall call, Set<String> names) {
    List<Header> kept =
        call.headers().stream()
            .filter(header -> !names.contains(header.name().toLowerCase(Locale.ROOT)))
            .toList();
    return call.withHeaders(kept);
  }

  /** Says the same of what exists and what does not. */
  private RefusedException refusal(Caller caller, String grant) {
    return new RefusedException(
        Reason.FORBIDDEN,
        "The token %s lacks the grant %s:%s, or one for all that the call may touch."
            .formatted(caller.name(), grant, catalog));
  }
}
