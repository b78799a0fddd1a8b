package io.twinberg.command.check;

import io.twinberg.command.check.Findings.Attempted;
import io.twinberg.storage.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * Checks a destination as the replicator uses it: write, read back, delete, and tell what is not
 * there. It writes one small object under the root and takes it away again.
 */
public final class DestinationCheck {
  private static final byte[] CONTENT =
      "written by twinberg check, may be deleted\n".getBytes(StandardCharsets.UTF_8);

  private final String name;
  private final String location;
  private final ObjectStore store;

  /**
   * @param root where the replicas lie, without a slash at its end
   */
  public DestinationCheck(String name, String root, ObjectStore store) {
    this.name = name;
    this.location = root + "/.twinberg-check-" + UUID.randomUUID();
    this.store = store;
  }

  /** Runs the checks; what cannot be written is neither read nor deleted. */
  public List<Finding> run() {
    Findings findings = new Findings("destination " + name);
    if (findings.attempt("put", this::put).isPresent()) {
      findings.attempt("get", this::get);
      findings.attempt("delete", this::delete);
    }
    findings.attempt("missing key", () -> Absence.of(store, location + ".missing"));
    return findings.all();
  }

  private Attempted<String> put() {
    store.put(location, CONTENT);
    return Attempted.made(location, location);
  }

  private Attempted<String> get() {
    try (InputStream in = store.open(location)) {
      return Arrays.equals(in.readAllBytes(), CONTENT)
          ? Attempted.made(location, CONTENT.length + " bytes as written")
          : Attempted.failed(location + " does not read as it was written");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Attempted<String> delete() {
    store.delete(location);
    return store.length(location).isEmpty()
        ? Attempted.made(location, "gone")
        : Attempted.failed(location + " is still there after it was deleted");
  }
}
