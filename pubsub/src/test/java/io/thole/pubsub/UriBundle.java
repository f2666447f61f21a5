package io.thole.pubsub;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.thole.api.pubsub.MessageCodec;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** What is in the bundle of a codec: it is registered as a service while the bundle is active. */
public final class UriBundle implements BundleActivator {
  static final String MARK = "Mark";

  @Override
  public void start(BundleContext bundles) {
    String mark = Objects.requireNonNullElse(bundles.getBundle().getHeaders().get(MARK), "");
    bundles.registerService(MessageCodec.class, new Codec(mark), null);
  }

  @Override
  public void stop(BundleContext bundles) {}

  /** Shows in the bytes which bundle has written them. */
  static final class Codec implements MessageCodec<URI> {
    private final String mark;

    Codec(String mark) {
      this.mark = mark;
    }

    @Override
    public String typeName() {
      return "test/uri";
    }

    @Override
    public Class<URI> type() {
      return URI.class;
    }

    @Override
    public byte[] encode(URI value) {
      return (mark + value).getBytes(UTF_8);
    }

    @Override
    public URI decode(ByteBuffer bytes) {
      return URI.create(UTF_8.decode(bytes).toString());
    }
  }
}
