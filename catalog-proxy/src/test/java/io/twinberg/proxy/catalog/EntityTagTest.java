package io.twinberg.proxy.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntityTagTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "\"abc\"|true",
        "W/\"abc\"|true",
        "abc|true",
        "\"abc--gzip\"|true",
        "W/\"abc--gzip\"|true",
        "\"x\", \"abc\"|true",
        "*|true",
        "\"abcd\"|false",
        "\"--gzip\"|false",
        "\"abc--zstd\"|false",
        "''|false"
      })
  void tag_isFoundInWhateverFormClientsSendIt(String header, boolean matches) {
    assertThat(new EntityTag("abc").matches(header)).isEqualTo(matches);
  }
}
