package io.twinberg.testing;

import java.util.ArrayList;
import java.util.List;

/**
 * What can go wrong between a client and a catalog: whether and when the request gets to the
 * catalog, and what the client sees. It strikes requests that read as well as commits.
 */
public record UpstreamFault(Delivery delivery, Reply reply) {
  /** How often a request gets to the catalog. */
  public enum Delivery {
    /** It is lost on its way: the catalog does nothing. */
    NEVER,
    /** As it should be. */
    ONCE,
    /** Something in between sends it twice. */
    TWICE,
    /** The client has its answer before the catalog has the request. */
    LATER
  }

  /** What the client sees. */
  public enum Reply {
    /** The catalog's own answer; of two, the second one. */
    ITS_OWN(true),
    /** An error of something in between, which knows no JSON. */
    STATUS_500(false),
    STATUS_502(false),
    STATUS_503(false),
    /** 503 that asks the client to come back in a second. */
    RETRY_AFTER(false),
    STATUS_504(false),
    /** 409, as the catalog answers what it has committed already. */
    CONFLICT(false),
    /** The connection is reset. */
    RESET(false),
    /** Nothing, until the client gives up. */
    HANG(false),
    /** Bytes that are no HTTP. */
    GARBAGE(false),
    /** 200 with a body that is no JSON. */
    UNREADABLE(false),
    /** The catalog's own answer, of which the connection ends in order after half the body. */
    TRUNCATED(true),
    /** The catalog's own answer, bit by bit. */
    SLOW(true);

    private final boolean ofTheCatalog;

    Reply(boolean ofTheCatalog) {
      this.ofTheCatalog = ofTheCatalog;
    }
  }

  /** Refuses an answer of a catalog that has not been asked. */
  public UpstreamFault {
    boolean asked = delivery == Delivery.ONCE || delivery == Delivery.TWICE;
    if (reply.ofTheCatalog && !asked) {
      throw new IllegalArgumentException(reply + " needs the catalog's answer");
    }
  }

  /** The request is lost. */
  public static UpstreamFault before(Reply reply) {
    return new UpstreamFault(Delivery.NEVER, reply);
  }

  /** The catalog has done what it was asked. */
  public static UpstreamFault after(Reply reply) {
    return new UpstreamFault(Delivery.ONCE, reply);
  }

  /** The catalog has been asked twice. */
  public static UpstreamFault twice(Reply reply) {
    return new UpstreamFault(Delivery.TWICE, reply);
  }

  /** The catalog is asked after the client has had its answer. */
  public static UpstreamFault later(Reply reply) {
    return new UpstreamFault(Delivery.LATER, reply);
  }

  /** All that can happen to a commit. */
  public static List<UpstreamFault> all() {
    List<UpstreamFault> all = new ArrayList<>();
    for (Reply reply : Reply.values()) {
      for (Delivery delivery : Delivery.values()) {
        if (canMeet(delivery, reply)) {
          all.add(new UpstreamFault(delivery, reply));
        }
      }
    }
    return all;
  }

  /** That a catalog says it did what it never did is no fault of ours to survive. */
  private static boolean canMeet(Delivery delivery, Reply reply) {
    return switch (reply) {
      case CONFLICT, UNREADABLE, SLOW, TRUNCATED -> delivery == Delivery.ONCE;
      case ITS_OWN -> delivery == Delivery.TWICE;
      default -> delivery != Delivery.TWICE;
    };
  }

  @Override
  public String toString() {
    return delivery + " " + reply;
  }
}
