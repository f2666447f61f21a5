package io.thole.launcher.dropin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thole.launcher.dropin.Repository.ExportedPackage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Version;

class RepositoryTest {
  @Test
  void readsPackagesAndVersionsOfAnExportHeader() {
    assertEquals(
        List.of(
            new ExportedPackage("a.b", new Version(1, 2, 0)),
            new ExportedPackage("c", Version.emptyVersion),
            new ExportedPackage("d", new Version(3, 0, 0)),
            new ExportedPackage("e", new Version(3, 0, 0))),
        ExportedPackage.parse("a.b;uses:=\"x,y;z\";version=\"1.2\",c,d;e;version=3"));
  }
}
