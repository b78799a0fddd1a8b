package io.twinberg.testing;

import io.twinberg.testing.S3Requests.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A request as it came, to the byte: what is signed must not change. */
record WireRequest(WireHead head, byte[] body) {
  private static final byte[] GO_ON =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** The next request of a connection; empty when the client has ended it. */
  static Optional<WireRequest> read(InputStream in, OutputStream out) throws IOException {
    Optional<WireHead> head = WireHead.read(in);
    if (head.isEmpty()) {
      return Optional.empty();
    }
    if (head.get().header("Transfer-Encoding").isPresent()) {
      throw new IOException("No client of ours sends bodies of unknown length");
    }
    if (head.get().header("Expect").isPresent()) {
      out.write(GO_ON);
      out.flush();
    }
    int length = head.get().header("Content-Length").map(Integer::parseInt).orElse(0);
    byte[] body = in.readNBytes(length);
    return body.length < length ? Optional.empty() : Optional.of(new WireRequest(head.get(), body));
  }

  String method() {
    return head.first().split(" ", 3)[0];
  }

  /** The path; at an S3 server the bucket and the key, as {@code /bucket/key}. */
  String key() {
    return uri().getPath();
  }

  /** The kind at an S3 server; a look at a bucket, which names no object, counts as a listing. */
  Kind kind() {
    if (key().matches("/[^/]*/?")) {
      return Kind.LIST;
    }
    String query = uri().getQuery() == null ? "" : "&" + uri().getQuery();
    return switch (method()) {
      case "HEAD" -> Kind.HEAD;
      case "GET" -> Kind.GET;
      case "POST" -> query.contains("&uploads") ? Kind.START_UPLOAD : Kind.COMPLETE_UPLOAD;
      case "DELETE" -> query.contains("&uploadId=") ? Kind.ABORT_UPLOAD : Kind.DELETE;
      default -> {
        boolean copy = head.header("x-amz-copy-source").isPresent();
        yield query.contains("&partNumber=") ? Kind.PUT_PART : copy ? Kind.COPY : Kind.PUT;
      }
    };
  }

  /** Whether it is for a whole object and its checksum. */
  boolean asksForChecksum() {
    return kind() == Kind.GET
        && head.header("Range").isEmpty()
        && head.header("x-amz-checksum-mode").filter("ENABLED"::equals).isPresent();
  }

  /** The bytes for a connection of its own to the server; what changes is not signed. */
  byte[] alone() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(head.without("Expect", "Connection").with("Connection: close").bytes());
    bytes.writeBytes(body);
    return bytes.toByteArray();
  }

  private URI uri() {
    return URI.create(head.first().split(" ", 3)[1]);
  }
}
