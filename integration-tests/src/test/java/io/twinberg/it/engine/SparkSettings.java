package io.twinberg.it.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What every Spark of the tests runs with. */
final class SparkSettings {
  private static final List<String> OPENED_PACKAGES =
      List.of(
          "java.lang",
          "java.lang.invoke",
          "java.io",
          "java.net",
          "java.nio",
          "java.util",
          "java.util.concurrent",
          "sun.nio.ch",
          "sun.util.calendar",
          "sun.security.action");

  private SparkSettings() {}

  static List<String> jvmFlags() {
    List<String> flags = new ArrayList<>();
    flags.add("-Xmx1g");
    // Short-lived: the better compiler and collector cost more than they win.
    flags.add("-XX:+UseSerialGC");
    flags.add("-XX:TieredStopAtLevel=1");
    // A long session generates more code than the small cache of this mode holds.
    flags.add("-XX:ReservedCodeCacheSize=240m");
    // Standard output is for answers: what the JVM itself has to say goes beside them.
    flags.add("-Xlog:disable");
    flags.add("-Xlog:all=warning:stderr");
    flags.add("-Duser.timezone=UTC");
    flags.add("-Dfile.encoding=UTF-8");
    OPENED_PACKAGES.stream()
        .flatMap(name -> Stream.of("--add-opens", "java.base/" + name + "=ALL-UNNAMED"))
        .forEach(flags::add);
    return flags;
  }

  static Map<String, String> conf() {
    return Map.ofEntries(
        Map.entry("spark.app.name", "twinberg-integration-tests"),
        Map.entry("spark.master", "local[2]"),
        Map.entry("spark.ui.enabled", "false"),
        Map.entry("spark.driver.host", "127.0.0.1"),
        Map.entry("spark.driver.bindAddress", "127.0.0.1"),
        Map.entry("spark.log.level", "WARN"),
        Map.entry("spark.sql.shuffle.partitions", "2"),
        // Tests read and write a few rows: compiling and planning again costs more than it wins.
        Map.entry("spark.sql.codegen.wholeStage", "false"),
        Map.entry("spark.sql.adaptive.enabled", "false"),
        Map.entry("spark.sql.session.timeZone", "UTC"),
        Map.entry("spark.sql.warehouse.dir", "spark-warehouse"),
        Map.entry("spark.local.dir", "spark-local"),
        Map.entry(
            "spark.sql.extensions",
            "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions"));
  }
}
