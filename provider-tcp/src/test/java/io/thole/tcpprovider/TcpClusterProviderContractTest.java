package io.thole.tcpprovider;

import io.thole.spi.ClusterProvider;
import io.thole.testkit.ClusterProviderContract;
import java.util.Map;

class TcpClusterProviderContractTest extends ClusterProviderContract {
  private final TcpClusterProviderComponent provider = new TcpClusterProviderComponent(Map.of());

  @Override
  protected ClusterProvider newProvider() {
    return provider;
  }

  @Override
  protected boolean breakSource() {
    provider.modified(Map.of("graceMillis", "soon"));
    return true;
  }
}
