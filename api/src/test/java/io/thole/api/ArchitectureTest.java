package io.thole.api;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses API = new ClassFileImporter()
      .importUrl(Cluster.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void dependsOnNothingButJava() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.thole.api..", "io.thole.spi..", "java..", "org.jspecify..", "org.osgi.annotation..")
        .check(API);
  }

  @Test
  void hasNoCycles() {
    slices().matching("io.thole.(**)").should().beFreeOfCycles().check(API);
  }
}
