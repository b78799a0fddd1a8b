package io.twinberg.config.yaml;

import java.util.Map;
import java.util.Optional;

/** The values of one section, all of them sound, for the record that is made of them. */
public final class Section {
  private final Place place;
  private final Map<String, Object> values;

  Section(Place place, Map<String, Object> values) {
    this.place = place;
    this.values = Map.copyOf(values);
  }

  public Place place() {
    return place;
  }

  /** The value of a key that is required or has a default. */
  public <T> T get(Key<?, T> key) {
    return find(key).orElseThrow(() -> new IllegalStateException("no value of " + key.name()));
  }

  /** The value of a key that may be left out. */
  @SuppressWarnings("unchecked") // Schema puts in only what the key itself has read
  public <T> Optional<T> find(Key<?, T> key) {
    return Optional.ofNullable((T) values.get(key.name()));
  }
}
