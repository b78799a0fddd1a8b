package io.twinberg.it.latency;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/** A catalog that answers at once and always the same, so that nothing but the proxy takes time. */
final class FastUpstream implements AutoCloseable {
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server, 1, 1);

  private FastUpstream() {
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(new Answers());
  }

  static FastUpstream start() throws Exception {
    FastUpstream upstream = new FastUpstream();
    upstream.server.start();
    return upstream;
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + connector.getLocalPort());
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Answers extends Handler.Abstract {
    private static final String LIST =
        "{\"identifiers\":["
            + String.join(
                ",", Collections.nCopies(50, "{\"namespace\":[\"bench\"],\"name\":\"t\"}"))
            + "]}";

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      // A connection is kept only when the whole request has been read.
      Content.Source.consumeAll(request);
      String path = request.getHttpURI().getPath();
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
      Content.Sink.write(response, true, answer(path), callback);
      return true;
    }

    private static String answer(String path) {
      if (path.endsWith("/config")) {
        return "{\"defaults\":{},\"overrides\":{}}";
      }
      return path.endsWith("/tables") ? LIST : new String(Tables.LOADED, StandardCharsets.UTF_8);
    }
  }
}
