package io.twinberg.config;

import java.util.List;
import java.util.Optional;

/**
 * The rules of the file, and the ends that it has for them.
 *
 * @param file what messages call the file
 * @param sources the names of the sources
 */
public record FileRules(
    String file,
    List<RuleConfig> rules,
    List<String> sources,
    List<DestinationConfig> destinations) {
  /** Copies the lists. */
  public FileRules {
    rules = List.copyOf(rules);
    sources = List.copyOf(sources);
    destinations = List.copyOf(destinations);
  }

  /** A destination by its name. */
  public Optional<DestinationConfig> destination(String name) {
    return destinations.stream().filter(destination -> destination.name().equals(name)).findFirst();
  }

  /** The names of the destinations. */
  public List<String> destinationNames() {
    return destinations.stream().map(DestinationConfig::name).toList();
  }
}
