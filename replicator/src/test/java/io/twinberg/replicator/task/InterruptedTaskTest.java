package io.twinberg.replicator.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.InterruptedIOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A pool that ends interrupts its tasks, and nobody who waits for them. */
class InterruptedTaskTest {
  static List<Exception> ends() {
    return List.of(new InterruptedException("cut off"), new InterruptedIOException("cut off"));
  }

  @ParameterizedTest
  @MethodSource("ends")
  void taskThatWasInterrupted_leavesWhoeverWaitsForItUninterrupted(Exception end) throws Exception {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    CountDownLatch begun = new CountDownLatch(1);
    Future<Void> task = pool.submit(() -> waitUntilInterrupted(begun, end));
    begun.await();
    pool.shutdownNow();

    ExecutionException failure = catchThrowableOfType(ExecutionException.class, () -> task.get());

    assertThat(LocalTaskRunner.unwrap(failure)).hasRootCause(end);
    assertThat(Thread.interrupted()).isFalse();
  }

  private static Void waitUntilInterrupted(CountDownLatch begun, Exception end) throws Exception {
    begun.countDown();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      throw end;
    }
    return null;
  }
}
