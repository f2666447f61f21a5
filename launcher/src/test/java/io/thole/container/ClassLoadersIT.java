package io.thole.container;

import static io.thole.container.NodeFramework.CORE;
import static io.thole.container.NodeFramework.EVENT_ADMIN;
import static io.thole.container.NodeFramework.HELLO;
import static io.thole.container.NodeFramework.STATIC;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.wiring.BundleWiring;

/** Whether anything holds on to the classes of a bundle that is gone. */
class ClassLoadersIT {
  private static final int UPDATES = 50;

  @Test // M3
  void noneIsLeftAfterFiftyUpdatesOfTheProviderAndOfAnApplication(@TempDir Path home)
      throws Exception {
    try (NodeFramework node = new NodeFramework(home)) {
      node.configureMembers("127.0.0.1:26051");
      node.start(EVENT_ADMIN, CORE, STATIC, HELLO);
      node.start(FixtureBundle.watcher("watcher"));
      List<WeakReference<ClassLoader>> former = new ArrayList<>();

      for (int update = 0; update < UPDATES; update++) {
        for (String bundle : List.of(STATIC, HELLO, "watcher")) {
          node.awaitActive("static");
          former.add(loader(node, bundle));
          node.bundle(bundle).update();
        }
      }
      node.awaitActive("static");

      Eventually.equal(0L, () -> {
        System.gc();
        return former.stream().filter(loader -> loader.get() != null).count();
      });
    }
  }

  private static WeakReference<ClassLoader> loader(NodeFramework node, String bundle) {
    return new WeakReference<>(node.bundle(bundle).adapt(BundleWiring.class).getClassLoader());
  }
}
