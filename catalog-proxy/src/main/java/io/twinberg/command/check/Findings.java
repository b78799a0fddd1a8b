package io.twinberg.command.check;

import io.twinberg.storage.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Collects what the checks of one subject find; a check that throws has failed. */
final class Findings {
  private final String subject;
  private final List<Finding> found = new ArrayList<>();

  Findings(String subject) {
    this.subject = subject;
  }

  /** Tries something, and returns what it made if it worked. */
  <T> Optional<T> attempt(String check, Supplier<Attempted<T>> trial) {
    try {
      Attempted<T> attempted = trial.get();
      found.add(new Finding(attempted.level(), subject, check, attempted.detail()));
      return attempted.made();
    } catch (StoreException e) {
      fail(check, e.getMessage());
    } catch (RuntimeException e) {
      fail(check, e.toString());
    }
    return Optional.empty();
  }

  void warn(String check, String detail) {
    found.add(Finding.warn(subject, check, detail));
  }

  void fail(String check, String detail) {
    found.add(Finding.fail(subject, check, detail));
  }

  List<Finding> all() {
    return List.copyOf(found);
  }

  /** What a trial made, and how it went. */
  record Attempted<T>(Finding.Level level, Optional<T> made, String detail) {
    static <T> Attempted<T> made(T made, String detail) {
      return new Attempted<>(Finding.Level.OK, Optional.of(made), detail);
    }

    static <T> Attempted<T> failed(String detail) {
      return new Attempted<>(Finding.Level.FAIL, Optional.empty(), detail);
    }
  }
}
