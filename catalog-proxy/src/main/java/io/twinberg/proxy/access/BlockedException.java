package io.twinberg.proxy.access;

import io.twinberg.proxy.catalog.AnsweredException;
import io.twinberg.proxy.catalog.CatalogAnswer;

/** A call comes from an address from which too many unknown credentials came. */
public final class BlockedException extends AnsweredException {
  BlockedException(CatalogAnswer answer) {
    super(answer);
  }
}
