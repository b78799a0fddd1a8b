package io.twinberg.proxy.catalog;

/**
 * A call ends early with an answer that is already known: what must be asked of the source first
 * was refused by it. Nothing of the call itself has been sent.
 */
public final class AnsweredException extends RuntimeException {
  private final transient CatalogAnswer answer;

  /** The answer that the client gets. */
  public AnsweredException(CatalogAnswer answer) {
    super("the source refused a preparing call with status " + answer.status());
    this.answer = answer;
  }

  /** The answer that the client gets. */
  public CatalogAnswer answer() {
    return answer;
  }
}
