package io.twinberg.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.twinberg.storage.StoreException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

class RepeatedInputTest {
  private static final String AT = "s3://lake/x";
  private static final byte[] BYTES = bytes();

  /** What the object's next openings give; after them it is whole. */
  private final Deque<InputStream> openings = new ArrayDeque<>();

  private int opened;

  private static byte[] bytes() {
    byte[] bytes = new byte[50_000];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  private byte[] read() throws IOException {
    try (InputStream in = new RepeatedInput(AT, this::open)) {
      return in.readAllBytes();
    }
  }

  private InputStream open() {
    opened++;
    return openings.isEmpty() ? new ByteArrayInputStream(BYTES) : openings.remove();
  }

  /** Gives so many bytes, and then a failure. */
  private static final class BrokenOff extends InputStream {
    private final InputStream in;
    private final Kind kind;

    BrokenOff(byte[] bytes, Kind kind) {
      this.in = new ByteArrayInputStream(bytes);
      this.kind = kind;
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException("read by the byte");
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = in.read(bytes, offset, length);
      if (count < 0) {
        throw new StoreException(kind, AT, "broken off");
      }
      return count;
    }
  }

  private static InputStream brokenOffAt(int length) {
    return new BrokenOff(Arrays.copyOf(BYTES, length), Kind.UNAVAILABLE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8192, 49_999, 50_000})
  void read_brokenOff_goesOnWhereItWas(int length) throws IOException {
    openings.add(brokenOffAt(length));
    assertThat(read()).isEqualTo(BYTES);
    assertThat(opened).isEqualTo(2);
  }

  @Test
  void read_brokenOffWhileItIsReadAgain_goesOnAllTheSame() throws IOException {
    openings.add(brokenOffAt(30_000));
    openings.add(brokenOffAt(10_000));
    openings.add(brokenOffAt(40_000));
    openings.add(brokenOffAt(0));
    assertThat(read()).isEqualTo(BYTES);
  }

  @Test
  void read_brokenOffAtTheSameByteEachTime_fails() {
    for (int i = 0; i < 10; i++) {
      openings.add(brokenOffAt(30_000));
    }
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(this::read)
        .withMessage("broken off");
    assertThat(opened).isEqualTo(4);
  }

  /** With some progress each time it would go on for as long as the object is. */
  @Test
  void read_brokenOffAgainAndAgain_fails() {
    for (int i = 1; i <= 40; i++) {
      openings.add(brokenOffAt(i * 1000));
    }
    assertThatExceptionOfType(StoreException.class).isThrownBy(this::read);
    assertThat(opened).isEqualTo(17);
  }

  @Test
  void read_otherBytesTheSecondTime_fails() {
    openings.add(brokenOffAt(30_000));
    byte[] others = BYTES.clone();
    others[20_000]++;
    for (int i = 0; i < 3; i++) {
      openings.add(new ByteArrayInputStream(others));
    }
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(this::read)
        .withMessageContaining(AT)
        .withMessageContaining("not the same");
  }

  @Test
  void read_shorterTheSecondTime_fails() {
    openings.add(brokenOffAt(30_000));
    for (int i = 0; i < 3; i++) {
      openings.add(new ByteArrayInputStream(BYTES, 0, 20_000));
    }
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(this::read)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));
  }

  /** Calls that are throttled are repeated by {@link PacedStore}; the others would fail again. */
  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "UNAVAILABLE")
  void read_anyOtherFailure_isNotReadAgain(Kind kind) {
    openings.add(new BrokenOff(BYTES, kind));
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(this::read)
        .withMessage("broken off");
    assertThat(opened).isOne();
  }

  @Test
  void read_interruptedWhileItWaits_endsAndStaysInterrupted() {
    openings.add(brokenOffAt(30_000));
    openings.add(brokenOffAt(30_000));
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(StoreException.class).isThrownBy(this::read);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(opened).isEqualTo(2);
  }
}
