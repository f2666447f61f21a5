package io.thole.core;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.thole.api.ClusterEvent;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.EventStream;
import io.thole.spi.ClusterProvider;
import io.thole.spi.Gossiper;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CORE = new ClassFileImporter()
      .importUrl(ClusterCore.class.getProtectionDomain().getCodeSource().getLocation());

  private static final String[] EDGES = {"io.thole.core.run..", "io.thole.core.osgi.."};

  @Test
  void theCoreKnowsNoThreadLockFileNetworkLoggerOrFramework() { // M1
    noClasses()
        .that(not(resideInAnyPackage(EDGES)))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.util.concurrent..",
            "java.net..",
            "java.io..",
            "java.nio.channels..",
            "java.nio.file..",
            "java.util.logging..",
            "org.osgi.framework..",
            "org.osgi.service..",
            "org.slf4j..")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(
            Thread.class,
            ThreadLocal.class,
            System.Logger.class,
            java.time.Clock.class,
            java.util.Timer.class)
        .check(CORE);
  }

  @Test
  void theCoreReadsNoClock() { // M1
    noClasses()
        .that(not(resideInAnyPackage(EDGES)))
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(Object.class, "wait")
        .orShould()
        .callMethod(Object.class, "notifyAll")
        .check(CORE);
  }

  @Test
  void nothingInTheCoreIsSynchronized() { // M1
    List<String> locked = CORE.stream()
        .filter(not(resideInAnyPackage(EDGES)))
        .flatMap(type -> type.getMethods().stream())
        .filter(method -> Modifier.isSynchronized(method.reflect().getModifiers()))
        .map(method -> method.getFullName())
        .toList();

    assertEquals(List.of(), locked);
  }

  @Test
  void theEdgesDependOnTheCoreAndNotTheReverse() {
    noClasses()
        .that(not(resideInAnyPackage(EDGES)))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(EDGES)
        .check(CORE);
    noClasses()
        .that()
        .resideInAPackage("io.thole.core.run..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.thole.core.osgi..", "org.osgi.framework..", "org.osgi.service..")
        .check(CORE);
    slices().matching("io.thole.(**)").should().beFreeOfCycles().check(CORE);
  }

  @Test
  void onlyTheStreamTakesATopology() { // A2
    List<String> doors = CORE.stream()
        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
        .flatMap(type -> type.getMethods().stream())
        .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
        .filter(method -> method.getRawParameterTypes().stream()
            .anyMatch(type -> type.isEquivalentTo(TopologyUpdated.class)
                || type.isEquivalentTo(io.thole.api.ClusterTopology.class)))
        .map(method -> method.getOwner().getSimpleName() + "." + method.getName())
        .filter(door -> !door.equals("SerialEventStream.publish"))
        .filter(door -> !door.equals("EventStreamComponent.publish"))
        .toList();

    assertEquals(List.of(), doors);
  }

  @Test
  void theCoreTakesNoTopologyInPublic() throws Exception { // A2
    assertEquals(
        0,
        ClusterCore.class.getDeclaredMethod("onTopology", TopologyUpdated.class).getModifiers());
    assertEquals(
        0, SerialEventStream.class.getDeclaredMethod("emit", ClusterEvent.class).getModifiers());
    assertEquals(
        List.of("publish(TopologyUpdated)", "subscribe(Class,Consumer)"),
        Arrays.stream(EventStream.class.getMethods())
            .map(method -> method.getName()
                + Arrays.stream(method.getParameterTypes())
                    .map(Class::getSimpleName)
                    .collect(Collectors.joining(",", "(", ")")))
            .sorted()
            .toList());
  }

  @Test
  void thePlugInsHaveNoTopologyCallback() { // A3
    List<String> methods = Stream.of(ClusterProvider.class, Gossiper.class)
        .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
        .map(Method::getName)
        .sorted()
        .toList();

    assertEquals(
        List.of(
            "agreement",
            "givesVerdicts",
            "leave",
            "name",
            "name",
            "shutdown",
            "start",
            "startClient",
            "startMember",
            "stop"),
        methods);
  }
}
