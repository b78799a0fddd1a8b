package io.twinberg.proxy.forward;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParser;
import org.apache.hc.core5.http.io.HttpTransportMetrics;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.util.CharArrayBuffer;

/**
 * Reads an answer's head, and refuses one that breaks off. The client's own parser takes the end of
 * the connection for the end of the head: a 200 without its length would look whole and empty.
 */
final class WholeHeadParser extends DefaultHttpResponseParser {
  WholeHeadParser(Http1Config config) {
    super(config);
  }

  @Override
  public ClassicHttpResponse parse(SessionInputBuffer buffer, InputStream in)
      throws IOException, HttpException {
    return super.parse(new Head(buffer), in);
  }

  /** The buffer of a connection while a head is read from it. */
  private static final class Head implements SessionInputBuffer {
    private final SessionInputBuffer buffer;
    private boolean begun;

    Head(SessionInputBuffer buffer) {
      this.buffer = buffer;
    }

    @Override
    public int readLine(CharArrayBuffer line, InputStream in) throws IOException {
      int length = buffer.readLine(line, in);
      if (length < 0 && begun) {
        throw new ConnectionClosedException("the answer's head broke off");
      }
      begun = true;
      return length;
    }

    @Override
    public int length() {
      return buffer.length();
    }

    @Override
    public int capacity() {
      return buffer.capacity();
    }

    @Override
    public int available() {
      return buffer.available();
    }

    @Override
    public int read(byte[] bytes, int offset, int length, InputStream in) throws IOException {
      return buffer.read(bytes, offset, length, in);
    }

    @Override
    public int read(byte[] bytes, InputStream in) throws IOException {
      return buffer.read(bytes, in);
    }

    @Override
    public int read(InputStream in) throws IOException {
      return buffer.read(in);
    }

    @Override
    public HttpTransportMetrics getMetrics() {
      return buffer.getMetrics();
    }
  }
}
