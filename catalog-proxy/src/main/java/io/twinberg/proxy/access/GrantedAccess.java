package io.twinberg.proxy.access;

import io.twinberg.proxy.catalog.Caller.Access;
import io.twinberg.proxy.catalog.Caller.ManagementRole;
import java.util.List;

/** What a list of grants allows. */
record GrantedAccess(List<Grant> grants) implements Access {
  @Override
  public boolean mayRead(String catalog) {
    return grants.contains(new Grant.Read(catalog)) || mayWrite(catalog);
  }

  @Override
  public boolean mayWrite(String catalog) {
    return grants.contains(new Grant.Write(catalog));
  }

  @Override
  public boolean mayManage(ManagementRole role) {
    return grants.stream()
        .anyMatch(
            grant -> grant instanceof Grant.Manage manage && manage.role().compareTo(role) >= 0);
  }
}
