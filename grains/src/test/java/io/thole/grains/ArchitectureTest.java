package io.thole.grains;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses GRAINS = new ClassFileImporter()
      .importUrl(GrainBooks.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void theTablesKnowNoThreadLockClockFileNetworkLoggerOrFramework() { // M1
    noClasses()
        .that()
        .resideInAPackage("io.thole.grains")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.util.concurrent..",
            "java.net..",
            "java.io..",
            "java.nio.channels..",
            "java.nio.file..",
            "java.util.logging..",
            "org.osgi..",
            "io.thole.grains.run..",
            "io.thole.grains.osgi..")
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
        .check(GRAINS);
  }

  @Test
  void theEdgesKnowTheCoreThroughTheApiAlone() {
    noClasses()
        .should()
        .dependOnClassesThat(resideInAPackage("io.thole..")
            .and(DescribedPredicate.not(
                resideInAnyPackage("io.thole.api..", "io.thole.spi..", "io.thole.grains.."))))
        .check(GRAINS);
    noClasses()
        .that()
        .resideInAPackage("io.thole.grains.run..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.thole.grains.osgi..", "org.osgi.framework..", "org.osgi.service..")
        .check(GRAINS);
    slices().matching("io.thole.(**)").should().beFreeOfCycles().check(GRAINS);
  }
}
