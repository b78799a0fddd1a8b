package io.twinberg.replicator.publish;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.config.RefSelection;
import io.twinberg.log.EntryKind;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaLifecycle;
import io.twinberg.replica.ReplicaSettings;
import io.twinberg.replicator.merge.ReplicaVersion;
import io.twinberg.replicator.metadata.MetadataFiles;
import io.twinberg.source.MetadataJson;
import io.twinberg.storage.MemoryStore;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;

class PublishedMetadataTest {
  private static final String ID = "0abc";

  private final MemoryStore destination = new MemoryStore();

  private static String location(int generation) {
    return "s3://copy/t/" + generation + ".metadata.json";
  }

  private static byte[] json(int generation) {
    return "{\"last-sequence-number\":%d}".formatted(generation).getBytes(StandardCharsets.UTF_8);
  }

  private static WrittenMetadata written(int generation) {
    byte[] json = json(generation);
    return new WrittenMetadata(MetadataJson.parse(json), json);
  }

  private static Replica replica(int generation) {
    return new Replica(
        ID,
        EntryKind.TABLE,
        1,
        "main",
        "eu",
        TableIdentifier.of("shop", "orders"),
        "s3://copy/t",
        ReplicaLifecycle.ACTIVE,
        false,
        generation,
        generation,
        Optional.of(location(generation)),
        OptionalLong.empty(),
        generation,
        OptionalLong.empty(),
        ReplicaSettings.NONE,
        new RefSelection.All(),
        0,
        0,
        OptionalLong.empty(),
        Instant.EPOCH,
        Optional.empty(),
        Instant.EPOCH);
  }

  private static PublishedMetadata room(int versions) {
    // Trees have an eighth of the room.
    return new PublishedMetadata(8L * versions * json(1_000).length, new MetadataFiles(1 << 20));
  }

  @Test
  void of_newestOfMany_isTheTreeThatWasRememberedHoweverOftenOthersWereAskedFor() {
    PublishedMetadata published = room(20);
    for (int generation = 1; generation <= 1_000; generation++) {
      WrittenMetadata written = written(generation);
      published.remember(ID, location(generation), written);

      for (int times = 0; times < 5; times++) {
        // Nothing stands at the destination: whatever were read from there would be missing.
        ObjectNode tree = published.of(replica(generation), destination).orElseThrow().tree();
        assertThat(tree).isSameAs(written.tree());
      }
    }
  }

  @Test
  void of_whatAnotherProcessPublished_isReadFromTheDestination() {
    PublishedMetadata published = room(20);
    published.remember(ID, location(1), written(1));
    destination.put(location(2), json(2));

    assertThat(published.of(replica(2), destination))
        .contains(new ReplicaVersion(location(2), MetadataJson.parse(json(2))));
  }
}
