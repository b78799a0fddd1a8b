package io.twinberg.proxy.capture;

/**
 * How the commits of one source are captured.
 *
 * @param source the served name of the source
 * @param bodyLimitBytes the largest body of a mutating call
 * @param answerLimitBytes the largest answer whose metadata is recorded; larger ones only stream
 */
public record CaptureSettings(
    String source, LogFailurePolicy logFailures, int bodyLimitBytes, int answerLimitBytes) {
  private static final int DEFAULT_LIMIT = 64 * 1024 * 1024;

  /** Both limits at 64 MiB. */
  public static CaptureSettings of(String source, LogFailurePolicy logFailures) {
    return new CaptureSettings(source, logFailures, DEFAULT_LIMIT, DEFAULT_LIMIT);
  }

  /** What happens to mutating calls if the log fails now. */
  public OnLogFailure onLogFailure() {
    return logFailures.now();
  }
}
