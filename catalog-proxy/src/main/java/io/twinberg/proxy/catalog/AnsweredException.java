package io.twinberg.proxy.catalog;

/**
 * A call ends early with an answer that is already known, such as the source's refusal of what must
 * be asked of it first. Nothing of the call itself has been sent.
 */
public class AnsweredException extends RuntimeException {
  private final transient CatalogAnswer answer;

  /** The answer that the client gets. */
  public AnsweredException(CatalogAnswer answer) {
    super("the call ended early with status " + answer.status());
    this.answer = answer;
  }

  /** The answer that the client gets. */
  public final CatalogAnswer answer() {
    return answer;
  }
}
