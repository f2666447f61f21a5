package io.thole.pubsub;

import io.thole.api.pubsub.MessageCodec;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;

/** The codecs that are always there. */
final class BuiltIn {
  /** Bytes as they are. */
  static final Coded<byte[]> BYTES = Coded.of(new Bytes(), 0);

  /** Text in UTF-8, and nothing else: no character is replaced, in either direction. */
  static final Coded<String> TEXT = Coded.of(new Text(), 0);

  private BuiltIn() {}

  private static final class Bytes implements MessageCodec<byte[]> {
    @Override
    public String typeName() {
      return MessageCodec.BYTES;
    }

    @Override
    public Class<byte[]> type() {
      return byte[].class;
    }

    @Override
    public byte[] encode(byte[] value) {
      return value;
    }

    @Override
    public byte[] decode(ByteBuffer bytes) {
      byte[] value = new byte[bytes.remaining()];
      bytes.get(value);
      return value;
    }
  }

  private static final class Text implements MessageCodec<String> {
    @Override
    public String typeName() {
      return MessageCodec.TEXT;
    }

    @Override
    public Class<String> type() {
      return String.class;
    }

    @Override
    public byte[] encode(String value) {
      return utf8(value);
    }

    @Override
    public String decode(ByteBuffer bytes) {
      return text(bytes);
    }
  }

  /**
   * Writes text.
   *
   * @throws IllegalArgumentException if it has half a character
   */
  static byte[] utf8(String text) {
    CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder(); // reports what it cannot write
    try {
      ByteBuffer bytes = encoder.encode(CharBuffer.wrap(text));
      byte[] exact = new byte[bytes.remaining()];
      bytes.get(exact);
      return exact;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("text with half a surrogate pair cannot be written", e);
    }
  }

  /**
   * Reads text to the limit.
   *
   * @throws IllegalArgumentException if it is no UTF-8
   */
  static String text(ByteBuffer bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder(); // reports what it cannot read
    try {
      return decoder.decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("no UTF-8", e);
    }
  }
}
