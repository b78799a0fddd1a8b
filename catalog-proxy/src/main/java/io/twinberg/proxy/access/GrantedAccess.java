package io.twinberg.proxy.access;

import io.twinberg.config.Grant;
import io.twinberg.config.NameGlob;
import io.twinberg.proxy.catalog.Caller.Access;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What a list of grants allows. */
record GrantedAccess(List<Grant> grants) implements Access {
  @Override
  public boolean mayEnter(String catalog) {
    return on(catalog).findAny().isPresent();
  }

  @Override
  public boolean mayRead(String catalog) {
    return on(catalog).anyMatch(GrantedAccess::isWhole);
  }

  @Override
  public boolean mayWrite(String catalog) {
    return on(catalog).filter(Grant.Write.class::isInstance).anyMatch(GrantedAccess::isWhole);
  }

  @Override
  public boolean mayRead(String catalog, List<String> namespace) {
    return on(catalog).anyMatch(reaching(glob -> glob.covers(namespace)));
  }

  @Override
  public boolean mayWrite(String catalog, List<String> namespace) {
    return on(catalog)
        .filter(Grant.Write.class::isInstance)
        .anyMatch(reaching(glob -> glob.covers(namespace)));
  }

  @Override
  public boolean maySee(String catalog, List<String> namespace) {
    return on(catalog)
        .anyMatch(reaching(glob -> glob.covers(namespace) || glob.leadsTo(namespace)));
  }

  @Override
  public boolean mayManage(Grant.Role role) {
    return grants.stream()
        .anyMatch(
            grant -> grant instanceof Grant.Manage manage && manage.role().compareTo(role) >= 0);
  }

  private Stream<Grant.OnCatalog> on(String catalog) {
    return grants.stream()
        .filter(Grant.OnCatalog.class::isInstance)
        .map(Grant.OnCatalog.class::cast)
        .filter(grant -> grant.catalog().equals(catalog));
  }

  private static boolean isWhole(Grant.OnCatalog grant) {
    return grant.namespaces().isEmpty();
  }

  private static Predicate<Grant.OnCatalog> reaching(Predicate<NameGlob> namespace) {
    return grant -> isWhole(grant) || grant.namespaces().filter(namespace).isPresent();
  }
}
