package io.thole.launcher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses LAUNCHER = new ClassFileImporter()
      .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
      .importPackages("io.thole.launcher");

  @Test
  void knowsNothingOfTholeOrFelixButOsgi() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.thole.launcher..",
            "java..",
            "org.jspecify.annotations..",
            "org.osgi..",
            "org.apache.felix.cm.json..", // a library on the class path, no bundle
            "") // arrays
        .check(LAUNCHER);
  }

  @Test
  void roomsKnowNothingOfTheHall() {
    noClasses()
        .that()
        .resideInAPackage("io.thole.launcher.*..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.thole.launcher")
        .check(LAUNCHER);
  }

  @Test
  void roomsDoNotLeadInACircle() {
    slices().matching("io.thole.launcher.(*)..").should().beFreeOfCycles().check(LAUNCHER);
  }
}
