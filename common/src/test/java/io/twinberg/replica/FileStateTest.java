package io.twinberg.replica;

import static io.twinberg.replica.FileState.CONDEMNED;
import static io.twinberg.replica.FileState.DELETING;
import static io.twinberg.replica.FileState.GONE;
import static io.twinberg.replica.FileState.LIVE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FileStateTest {
  private static final Map<FileState, Set<FileState>> FROM =
      Map.of(
          LIVE, Set.of(CONDEMNED, GONE),
          CONDEMNED, Set.of(LIVE),
          DELETING, Set.of(CONDEMNED, DELETING),
          GONE, Set.of(DELETING));

  @ParameterizedTest
  @EnumSource
  void before_anyState_isWhatTheTableOfTransitionsHas(FileState target) {
    assertThat(target.before()).isEqualTo(FROM.get(target));
  }
}
