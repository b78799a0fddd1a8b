package io.twinberg.http;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/** Collects a body up to a limit and hangs up beyond it. Its caller is one thread at a time. */
public final class BoundedBody implements BodySubscriber<byte[]> {
  private final CompletableFuture<byte[]> result = new CompletableFuture<>();
  private final List<ByteBuffer> chunks = new ArrayList<>();
  private final int maxBytes;
  private long size;
  private @Nullable Subscription subscription;

  /** Collects at most this many bytes. */
  public BoundedBody(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return result;
  }

  @Override
  public void onSubscribe(Subscription newSubscription) {
    subscription = newSubscription;
    newSubscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> items) {
    if (result.isDone()) {
      return;
    }
    items.forEach(item -> size += item.remaining());
    if (size <= maxBytes) {
      chunks.addAll(items);
    } else {
      refuse();
    }
  }

  @Override
  public void onError(Throwable error) {
    result.completeExceptionally(error);
  }

  @Override
  public void onComplete() {
    ByteBuffer all = ByteBuffer.allocate(result.isDone() ? 0 : (int) size);
    chunks.forEach(all::put);
    result.complete(all.array());
  }

  private void refuse() {
    chunks.clear();
    result.completeExceptionally(new IOException("the answer exceeds " + maxBytes + " bytes"));
    if (subscription != null) {
      subscription.cancel();
    }
  }
}
