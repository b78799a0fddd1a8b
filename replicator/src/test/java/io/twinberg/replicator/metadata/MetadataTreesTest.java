package io.twinberg.replicator.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.source.MetadataJson;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetadataTreesTest {
  private final MetadataTrees trees = new MetadataTrees();
  private final byte[] metadata = "{\"format-version\":2}".getBytes(StandardCharsets.UTF_8);

  @AfterEach
  void close() {
    trees.close();
  }

  @Test
  void of_bytesThatWereBegun_isATreeOfItsOwnForEachCaller() throws InterruptedException {
    trees.begin(metadata);

    ObjectNode first = trees.of(metadata);
    first.put("format-version", 3);

    assertThat(trees.of(metadata)).isEqualTo(MetadataJson.parse(metadata));
    assertThat(trees.of(metadata.clone())).isEqualTo(MetadataJson.parse(metadata));
  }

  @Test
  void of_bytesThatAreNoJson_failsAsParsingThemDoes() {
    byte[] damaged = "{".getBytes(StandardCharsets.UTF_8);
    trees.begin(damaged);

    assertThatThrownBy(() -> trees.of(damaged))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("table metadata is not valid JSON");
  }

  @Test
  void of_bytesBegunAfterTheEnd_isParsedAllTheSame() throws InterruptedException {
    trees.close();
    trees.begin(metadata);

    assertThat(trees.of(metadata)).isEqualTo(MetadataJson.parse(metadata));
  }
}
