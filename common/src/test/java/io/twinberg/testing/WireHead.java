package io.twinberg.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The first line and the headers of a message in HTTP/1.1, as they came. */
record WireHead(String first, List<String> headers) {

  WireHead {
    headers = List.copyOf(headers);
  }

  /** Reads up to the empty line; empty when nothing comes any more. */
  static Optional<WireHead> read(InputStream in) throws IOException {
    String first = line(in);
    if (first.isEmpty()) {
      return Optional.empty();
    }
    List<String> headers = new ArrayList<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      headers.add(line);
    }
    return Optional.of(new WireHead(first, headers));
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (next != '\r') {
        line.write(next);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  Optional<String> header(String name) {
    return headers.stream()
        .filter(line -> is(line, name))
        .map(line -> line.substring(name.length() + 1).trim())
        .findFirst();
  }

  WireHead with(String header) {
    return new WireHead(first, Stream.concat(headers.stream(), Stream.of(header)).toList());
  }

  WireHead without(String... names) {
    List<String> left =
        headers.stream().filter(line -> Stream.of(names).noneMatch(n -> is(line, n))).toList();
    return new WireHead(first, left);
  }

  byte[] bytes() {
    String text = first + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static boolean is(String line, String name) {
    return line.regionMatches(true, 0, name + ":", 0, name.length() + 1);
  }
}
