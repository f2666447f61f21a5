package io.thole.staticprovider;

import io.thole.api.Authority;
import io.thole.spi.ClusterProvider;
import io.thole.testkit.ClusterProviderContract;
import java.util.List;

class StaticClusterProviderContractTest extends ClusterProviderContract {
  private final StaticClusterProvider provider = new StaticClusterProvider(List.of());

  @Override
  protected ClusterProvider newProvider() {
    return provider;
  }

  @Override
  protected boolean listMembers(List<Authority> members) {
    provider.members(members.stream().map(Authority::toString).toList());
    return true;
  }

  @Override
  protected boolean breakSource() {
    provider.members(List.of("no-port"));
    return true;
  }
}
