package io.twinberg.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;

/** An answer of an S3 server, or one in its place. */
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
            .getBytes(StandardCharsets.UTF_8);
    WireHead head =
        new WireHead(
            "HTTP/1.1 " + status + " " + code,
            List.of("Content-Type: application/xml", "Content-Length: " + body.length));
    return new WireAnswer(head, headOnly ? new byte[0] : body);
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
