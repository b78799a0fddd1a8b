package io.twinberg;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Data flows one way: proxy, log, replicator, replica catalog, proxy. */
@AnalyzeClasses(packages = "io.twinberg", importOptions = ArchitectureTest.ProductOnly.class)
class ArchitectureTest {
  /** Leaves out tests, also those that another module's test-jar brings. */
  static final class ProductOnly implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return new DoNotIncludeTests().includes(location) && !location.contains("-tests.jar");
    }
  }

  @ArchTest
  static final ArchRule proxy_doesNotKnowReplicator =
      noClasses()
          .that()
          .resideInAPackage("io.twinberg.proxy..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.twinberg.replicator..", "io.twinberg.command..");

  @ArchTest
  static final ArchRule replicator_doesNotKnowProxy =
      noClasses()
          .that()
          .resideInAPackage("io.twinberg.replicator..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.twinberg.proxy..", "io.twinberg.command..");

  @ArchTest
  static final ArchRule common_knowsNeither =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.twinberg.proxy..", "io.twinberg.replicator..", "io.twinberg.command..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.twinberg.proxy..", "io.twinberg.replicator..", "io.twinberg.command..");

  @ArchTest
  static final ArchRule config_isSeenWholeOnlyByCommand =
      classes()
          .that()
          .haveFullyQualifiedName("io.twinberg.config.TwinbergConfig")
          .should()
          .onlyBeAccessed()
          .byAnyPackage("io.twinberg.config..", "io.twinberg.command..");

  @ArchTest
  static final ArchRule workOnFiles_knowsNoDatabaseHttpOrConfig =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.twinberg.replicator.plan..",
              "io.twinberg.replicator.copy..",
              "io.twinberg.replicator.rewrite..",
              "io.twinberg.replicator.merge..",
              "io.twinberg.replicator.mapping..",
              "io.twinberg.replicator.task..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.jdbi..", "io.javalin..", "io.twinberg.config..");

  /** What made a replica must not be what says that it is right. */
  @ArchTest
  static final ArchRule verify_sharesNothingWithWhatMakesReplicas =
      noClasses()
          .that()
          .resideInAPackage("io.twinberg.replicator.verify..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.twinberg.replicator.rewrite..",
              "io.twinberg.replicator.merge..",
              "io.twinberg.replicator.mapping..",
              "io.twinberg.replicator.plan..",
              "io.twinberg.replicator.delete..",
              "io.twinberg.replicator.copy..",
              "io.twinberg.replicator.task..",
              "io.twinberg.replicator.publish..",
              "org.jdbi..",
              "io.javalin..");

  @ArchTest
  static final ArchRule packages_haveNoCycles =
      slices().matching("io.twinberg.(**)").should().beFreeOfCycles();
}
