package io.twinberg.replicator.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReaderPropertiesTest {
  private static final String LOCATION = "s3://eu/sales";

  @Test
  void location_becomesTheDestinations() {
    assertThat(ReaderProperties.of(Map.of("location", "s3://lake/sales", "owner", "jo"), LOCATION))
        .isEqualTo(Map.of("location", LOCATION, "owner", "jo"));
    assertThat(ReaderProperties.of(Map.of("owner", "jo"), LOCATION))
        .isEqualTo(Map.of("owner", "jo"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://lake/x",
        "S3A://lake/x",
        " gs://lake/x",
        "abfss://c@a.dfs.core.windows.net/x",
        "hdfs://nn:8020/x",
        "file:/x",
        "file:///x"
      })
  void valueThatIsALocation_isLeftOut(String value) {
    assertThat(ReaderProperties.of(Map.of("copy", value), LOCATION)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://wiki/sales", "see s3://lake/x", "profile:x", "", "1"})
  void otherValue_isKept(String value) {
    assertThat(ReaderProperties.of(Map.of("note", value), LOCATION))
        .isEqualTo(Map.of("note", value));
  }

  @Test
  void json_keepsOrderAndOtherTypes() throws Exception {
    ObjectNode source =
        (ObjectNode)
            new ObjectMapper()
                .readTree("{\"z\":\"1\",\"location\":\"s3://lake\",\"copy\":\"s3://x\",\"a\":2}");
    assertThat(ReaderProperties.of(source, LOCATION).toString())
        .isEqualTo("{\"z\":\"1\",\"location\":\"s3://eu/sales\",\"a\":2}");
  }
}
