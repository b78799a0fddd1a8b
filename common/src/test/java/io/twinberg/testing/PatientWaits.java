package io.twinberg.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Has the waits of all tests last three quarters of a minute at most where they set no limit of
 * their own. Such a limit is there to end what hangs and costs nothing where all goes well, but
 * Awaitility's ten seconds are soon over on a busy machine. A whole minute would be too long: by
 * then a server with the usual settings sweeps, which hides what did not wake it.
 */
public final class PatientWaits implements BeforeAllCallback {
  private static final Duration LONG = Duration.ofSeconds(45);

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultTimeout(LONG);
  }
}
