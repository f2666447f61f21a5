package io.thole.bench;

import io.netty.buffer.ByteBuf;
import io.thole.api.Cluster;
import io.thole.api.NodeId;
import io.thole.api.grain.Grain;
import io.thole.api.grain.GrainId;
import io.thole.api.grain.GrainKind;
import io.thole.api.pubsub.Message;
import io.thole.api.pubsub.PubSub;
import io.thole.tcpprovider.TcpSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The other process of a measurement: subscribes, hosts the grain, and is the other end of the floor. It is told on its
 * standard input when a burst begins and how many messages it had, and says on its standard output what arrived.
 */
public final class FarSide {
  /** How long to wait for what was sent. */
  private static final long PATIENCE_NANOS = 10_000_000_000L;

  private static final long PAUSE_NANOS = 20_000;

  private final Arrivals[] arrivals = new Arrivals[Lane.FAN]; // between two bursts nothing arrives

  private FarSide() {
    begin();
  }

  /**
   * Serves until the standard input ends.
   *
   * @param arguments the folder of {@link Keys}, if messages are to be encrypted
   * @throws IOException if it cannot be read
   */
  public static void main(String[] arguments) throws IOException {
    Logger.getLogger("").setLevel(Level.WARNING);
    PrintStream out = System.out;
    System.setOut(System.err); // what is said is for a program
    new FarSide()
        .serve(
            out,
            arguments.length == 0
                ? TcpSettings.DEFAULTS
                : new Keys(Path.of(arguments[0])).settings());
    System.exit(0);
  }

  private void serve(PrintStream out, TcpSettings tcp) throws IOException {
    Cluster cluster = TholeLane.factory(tcp).with(new Echo()).create(TholeLane.settings(List.of()));
    cluster.start().toCompletableFuture().join();
    PubSub pubSub = cluster.service(PubSub.class);
    pubSub.subscribe(TholeLane.TOPIC, message -> onMessage(message, 0));
    for (int i = 0; i < Lane.FAN; i++) {
      int subscriber = i;
      pubSub.subscribe(TholeLane.FAN_TOPIC, message -> onMessage(message, subscriber));
    }
    out.println(
        FarProcess.READY + cluster.self().authority() + " " + FloorLane.listen(this::onFrame));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      out.println(line.equals(FarProcess.BEGIN) ? begin() : end(line.split(" ")));
    }
    cluster.shutdown(true).toCompletableFuture().join();
  }

  private void onMessage(Message message, int subscriber) {
    ByteBuffer payload = message.payload();
    arrivals[subscriber].add(payload.getLong(), payload.getLong());
  }

  private String begin() {
    Arrays.setAll(arrivals, subscriber -> new Arrivals());
    return FarProcess.BEGIN;
  }

  private String end(String[] words) {
    long count = Long.parseLong(words[0]);
    long began = System.nanoTime();
    List<Arrivals> all = List.of(arrivals).subList(0, Integer.parseInt(words[1]));
    while (all.stream().anyMatch(some -> some.count() < count)
        && System.nanoTime() - began < PATIENCE_NANOS) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return all.stream()
        .map(Arrivals::summary)
        .filter(summary -> summary.count() != count || summary.misplaced() > 0)
        .findFirst()
        .orElseGet(all.get(0)::summary)
        .line();
  }

  private void onFrame(FloorEnd end, byte type, ByteBuf bytes, int length) {
    if (type == FloorEnd.MESSAGE) {
      arrivals[0].add(bytes.readLong(), bytes.readLong());
    } else if (type == FloorEnd.FAN) {
      int start = bytes.readerIndex();
      for (Arrivals subscriber : arrivals) { // each reads what is its own
        subscriber.add(bytes.getLong(start), bytes.getLong(start + Long.BYTES));
      }
    } else {
      byte[] request = new byte[length];
      bytes.readBytes(request);
      end.send(FloorEnd.REPLY, request);
    }
  }

  /** Replies what it is asked. */
  private static final class Echo implements GrainKind {
    @Override
    public String name() {
      return TholeLane.KIND;
    }

    @Override
    public Grain activate(GrainId id, NodeId node) {
      return request -> request;
    }
  }
}
