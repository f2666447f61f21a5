package io.thole.gossip;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses GOSSIP = new ClassFileImporter()
      .importUrl(GossipEngine.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void theEngineKnowsNoThreadLockClockFileNetworkLoggerOrFramework() { // M1
    noClasses()
        .that()
        .resideInAPackage("io.thole.gossip")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.util.concurrent..",
            "java.net..",
            "java.io..",
            "java.nio.channels..",
            "java.nio.file..",
            "java.time..",
            "java.util.logging..",
            "jdk.jfr..",
            "org.osgi..",
            "io.thole.gossip.run..",
            "io.thole.gossip.osgi..")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Thread.class, ThreadLocal.class, System.Logger.class, java.util.Timer.class)
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Object.class, "wait")
        .orShould()
        .callMethod(Object.class, "notifyAll")
        .check(GOSSIP);
  }

  @Test
  void theEdgesKnowTheCoreThroughTheApiAlone() {
    noClasses()
        .should()
        .dependOnClassesThat(resideInAPackage("io.thole..")
            .and(DescribedPredicate.not(
                resideInAnyPackage("io.thole.api..", "io.thole.spi..", "io.thole.gossip.."))))
        .check(GOSSIP);
    noClasses()
        .that()
        .resideInAPackage("io.thole.gossip.run..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.thole.gossip.osgi..", "org.osgi.framework..", "org.osgi.service..")
        .check(GOSSIP);
    slices().matching("io.thole.(**)").should().beFreeOfCycles().check(GOSSIP);
  }
}
