package io.twinberg.replicator.pointer;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Writes and finds pointer objects: {@code <folder>/metadata/pointer/<generation>.json}. The
 * generation is in the name and grows, so that a late writer can never put an older pointer in the
 * place of a newer one.
 */
public final class PointerObjects {
  private static final Pattern REPLICA_FOLDER =
      Pattern.compile(".*-[A-Za-z0-9]*[0-9][A-Za-z0-9]*/");
  private static final Pattern POINTER = Pattern.compile(".*/[0-9]{20}\\.json");

  private final ObjectMapper json =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  private final ObjectStore store;

  /** The pointer objects of a store. */
  public PointerObjects(ObjectStore store) {
    this.store = store;
    com.fasterxml.jackson.databind.module.SimpleModule instants =
        new com.fasterxml.jackson.databind.module.SimpleModule();
    instants.addSerializer(
        Instant.class, new com.fasterxml.jackson.databind.ser.std.ToStringSerializer());
    instants.addDeserializer(Instant.class, new InstantText());
    json.registerModule(instants);
  }

  /** Writes one pointer: one PUT. */
  public void write(Pointer pointer) {
    write(location(pointer.folder(), pointer.generation()), pointer);
  }

  /** Writes a namespace's pointer: one PUT. */
  public void write(NamespacePointer pointer) {
    write(location(pointer.folder(), pointer.generation()), pointer);
  }

  private void write(String location, Object pointer) {
    try {
      store.put(location, json.writerWithDefaultPrettyPrinter().writeValueAsBytes(pointer));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Removes all pointer objects of a replica, so that a recovery does not find it, and returns how
   * many there were.
   */
  public int removeAll(String folder) {
    List<StoredObject> all = store.list(pointers(folder));
    all.forEach(object -> store.delete(object.location()));
    return all.size();
  }

  /** The generation that a pointer object of a replica shows; empty for any other location. */
  public static OptionalLong generation(String folder, String location) {
    if (!location.startsWith(pointers(folder) + "/") || !POINTER.matcher(location).matches()) {
      return OptionalLong.empty();
    }
    String name = location.substring(location.lastIndexOf('/') + 1);
    return OptionalLong.of(Long.parseLong(name.substring(0, name.indexOf('.'))));
  }

  private static String location(String folder, long generation) {
    return pointers(folder) + String.format("/%020d.json", generation);
  }

  private static String pointers(String folder) {
    return folder + "/metadata/pointer";
  }

  /**
   * The newest pointer of every replica below a root, found by walking its folders; data folders
   * are not entered.
   */
  public List<Pointer> newest(String root) {
    return all(root).replicas();
  }

  /** What the pointer objects below a root describe. */
  record Found(List<Pointer> replicas, List<NamespacePointer> namespaces) {}

  /** The newest pointers of all replicas and namespaces below a root, in one walk. */
  Found all(String root) {
    Found found = new Found(new ArrayList<>(), new ArrayList<>());
    walk(root, found);
    return found;
  }

  private void walk(String folder, Found found) {
    for (String child : store.folders(folder)) {
      String location = child.substring(0, child.length() - 1);
      if (REPLICA_FOLDER.matcher(child).matches()) {
        newestOf(location).ifPresent(pointer -> read(pointer, found));
      } else {
        walk(location, found);
      }
    }
  }

  /** The newest pointer object of a replica, if it shows a later generation. */
  public Optional<Pointer> after(String folder, long generation) {
    Found found = new Found(new ArrayList<>(), new ArrayList<>());
    newestOf(folder)
        .filter(location -> generation(folder, location).orElse(0) > generation)
        .ifPresent(location -> read(location, found));
    return found.replicas().stream().findFirst();
  }

  private Optional<String> newestOf(String folder) {
    return store.list(pointers(folder)).stream()
        .map(StoredObject::location)
        .filter(location -> POINTER.matcher(location).matches())
        .max(Comparator.naturalOrder());
  }

  private void read(String location, Found found) {
    try (InputStream in = store.open(location)) {
      JsonNode tree = json.readTree(in);
      int format = tree.path("format").asInt();
      if (format < Pointer.FORMAT || format > Pointer.FORMAT_OF_OTHERS) {
        throw new UnreadablePointerException(
            location,
            "has format "
                + tree.path("format")
                + ", this version reads up to "
                + Pointer.FORMAT_OF_OTHERS);
      }
      if (tree.path("kind").asText().equals(NamespacePointer.KIND)) {
        found.namespaces().add(json.treeToValue(tree, NamespacePointer.class));
      } else {
        found.replicas().add(inItsFolder(location, json.treeToValue(tree, Pointer.class)));
      }
    } catch (IOException e) {
      throw new UnreadablePointerException(location, String.valueOf(e.getMessage()));
    }
  }

  /**
   * One in a copy of a bucket names the original's files, and would have them written and deleted.
   */
  private static Pointer inItsFolder(String location, Pointer pointer) {
    if (generation(pointer.folder(), location).isEmpty()) {
      throw new UnreadablePointerException(
          location,
          "shows the files of %s, of which this is a copy: put the copy where the original was, or take it away"
              .formatted(pointer.folder()));
    }
    return pointer;
  }
}
