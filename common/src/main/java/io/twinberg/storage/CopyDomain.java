package io.twinberg.storage;

/**
 * Names a set of locations between which a store copies objects by itself.
 *
 * <p>Two equal domains mean the same service and the same credentials, so that one request can read
 * the source and write the target.
 *
 * @param service the endpoint, or the kind of service where it has only one
 * @param identity what stands for the credentials; kept out of {@code toString}
 */
public record CopyDomain(String service, String identity) {

  @Override
  public String toString() {
    return "CopyDomain[" + service + "]";
  }
}
