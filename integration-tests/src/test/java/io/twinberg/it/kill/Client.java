package io.twinberg.it.kill;

/** One client, which commits until it is told to end. */
interface Client extends Runnable {
  /** Lets it end after what it is about to do. */
  void end();
}
