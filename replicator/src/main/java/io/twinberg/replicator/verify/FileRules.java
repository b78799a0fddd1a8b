package io.twinberg.replicator.verify;

import io.twinberg.replicator.verify.Violation.Kind;
import java.util.OptionalLong;

/** What holds for every file that a replica names: in its folder, there, and of its length. */
final class FileRules {
  private final String folder;
  private final ListedFiles listed;
  private final Findings findings;

  FileRules(String folder, ListedFiles listed, Findings findings) {
    this.folder = folder;
    this.listed = listed;
    this.findings = findings;
  }

  /** Whether a path lies in the folder. */
  boolean inside(String path, String namedBy) {
    if (path.startsWith(folder + "/") && !hasDots(path)) {
      return true;
    }
    findings.violation(Kind.OUTSIDE_ROOT, path, "a path in " + folder, "named by " + namedBy);
    return false;
  }

  private static boolean hasDots(String path) {
    return path.contains("/../")
        || path.contains("/./")
        || path.endsWith("/..")
        || path.endsWith("/.");
  }

  /** Whether a file is there, in the folder. */
  boolean present(String path, String namedBy) {
    if (!inside(path, namedBy)) {
      return false;
    }
    if (listed.length(path).isEmpty()) {
      findings.violation(Kind.FILE_MISSING, path, "a file, named by " + namedBy, "no such file");
      return false;
    }
    return true;
  }

  /** Whether a file is there, in the folder, with its length. */
  boolean whole(String path, long length, String namedBy) {
    if (!present(path, namedBy)) {
      return false;
    }
    OptionalLong actual = listed.length(path);
    if (actual.getAsLong() != length) {
      findings.violation(
          Kind.LENGTH_DIFFERS,
          path,
          length + " bytes, as " + namedBy + " says",
          actual.getAsLong() + " bytes");
      return false;
    }
    return true;
  }
}
