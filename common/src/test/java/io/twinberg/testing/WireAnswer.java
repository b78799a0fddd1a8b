package io.twinberg.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;

/** An answer of a server, or one in its place. */
record WireAnswer(WireHead head, byte[] body) {

  /** Reads an answer to a request that had a connection of its own. */
  static WireAnswer read(InputStream in, boolean headOnly) throws IOException {
    WireHead head =
        WireHead.read(in).orElseThrow(() -> new IOException("The server gave no answer"));
    byte[] body = in.readAllBytes();
    boolean measured =
        headOnly
            || head.header("Content-Length").isPresent()
            || head.header("Transfer-Encoding").isPresent()
            || head.first().contains(" 204 ");
    WireHead kept = head.without("Connection");
    return new WireAnswer(measured ? kept : kept.with("Content-Length: " + body.length), body);
  }

  /** An error in the words of S3. */
  static WireAnswer error(int status, String code, boolean headOnly) {
    byte[] body =
        ("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>"
                + code
                + "</Code><Message>A test says so</Message></Error>")
            .getBytes(UTF_8);
    WireHead head =
        new WireHead(
            "HTTP/1.1 " + status + " " + code,
            List.of("Content-Type: application/xml", "Content-Length: " + body.length));
    return new WireAnswer(head, headOnly ? new byte[0] : body);
  }

  /** What something between a client and a catalog answers, which knows no JSON. */
  static WireAnswer page(int status, String... headers) {
    byte[] body = ("<html><body><h1>" + status + "</h1></body></html>").getBytes(UTF_8);
    return whole(status, "text/html", body, headers);
  }

  /** The words in which a catalog refuses a commit that others were faster with. */
  static WireAnswer conflict() {
    String error =
        """
        {"error":{"message":"Commit failed: a test says so","type":"CommitFailedException","code":409}}
        """;
    return whole(409, "application/json", error.getBytes(UTF_8));
  }

  private static WireAnswer whole(int status, String type, byte[] body, String... more) {
    List<String> headers = new ArrayList<>(List.of(more));
    headers.add("Content-Type: " + type);
    headers.add("Content-Length: " + body.length);
    return new WireAnswer(new WireHead("HTTP/1.1 " + status + " Some Reason", headers), body);
  }

  /** The status. */
  int status() {
    return Integer.parseInt(head.first().split(" ", 3)[1]);
  }

  /** Whether it brings an object, or a part of one. */
  boolean bringsObject() {
    return body.length > 0 && head.first().contains(" 20");
  }

  /** The same with the checksum of an object, as S3 keeps it. */
  WireAnswer withChecksum() {
    if (!bringsObject()) {
      return this;
    }
    CRC32 crc = new CRC32();
    crc.update(body);
    byte[] value = ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
    String header = "x-amz-checksum-crc32: " + Base64.getEncoder().encodeToString(value);
    return new WireAnswer(head.with(header), body);
  }

  /** The same but for one bit. */
  WireAnswer withWrongByte(int at) {
    byte[] wrong = body.clone();
    wrong[at] ^= 1;
    return new WireAnswer(head, wrong);
  }

  /** The head, which announces all of the body, and half of that. */
  byte[] firstHalf() {
    return bytes(Arrays.copyOf(body, body.length / 2));
  }

  byte[] bytes() {
    return bytes(body);
  }

  private byte[] bytes(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(head.bytes());
    bytes.writeBytes(content);
    return bytes.toByteArray();
  }
}
