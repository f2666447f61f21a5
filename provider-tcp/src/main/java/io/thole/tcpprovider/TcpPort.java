package io.thole.tcpprovider;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.thole.api.Authority;
import io.thole.api.BindAddress;
import io.thole.api.ClusterException;
import io.thole.api.Escaped;
import io.thole.api.NodeId;
import io.thole.spi.Introduction;
import io.thole.spi.TransportHandler;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A port that listens, from its bind to its unbind, and its connections: who may come in, which of several connections to a
 * peer is kept, and who is told. One thread serves them all, and what is not said to be for any thread is confined to it;
 * so the handler is never called twice at once.
 */
final class TcpPort {
  private static final System.Logger LOG = System.getLogger(TcpPort.class.getName());
  private static final int BACKLOG = 128;
  private static final long SWEEP_MILLIS = 200; // a stranger's time-out is noticed this much later

  /** How much is read at once: several of the frames that a busy link sends, so that few of them come in pieces. */
  static final int LARGEST_READ = 256 << 10;

  private static final int FIRST_READ = 16 << 10;
  private static final int SMALLEST_READ = 2 << 10;

  /**
   * What is read into, and what headers are written from: one arena of chunks of a mebibyte (8 KiB times 2 to the 7th). Nearly all
   * is for the port's thread. Netty's default has an arena for each of several threads, and chunks of 4 MiB: 16 MiB of a node
   * that does nothing.
   */
  private static final ByteBufAllocator MEMORY = new PooledByteBufAllocator(
      true,
      1,
      1,
      8 << 10,
      7,
      PooledByteBufAllocator.defaultSmallCacheSize(),
      PooledByteBufAllocator.defaultNormalCacheSize(),
      false);

  /**
   * How much of the heap may be held for frames that are not whole, of all peers: each may begin one of a mebibyte, and there may
   * be a thousand.
   */
  private static final int HELD_PART = 8;

  private static final long LEAST_HELD_BYTES = 8 << 20;

  private static final long PAUSE_SECONDS = 1; // the operating system has no room for connections
  private static final long LEAVE_SECONDS = 2; // two such waits stay below the 5 s of an unbind

  /**
   * An answer that comes later than this is taken for none: the kernel's own time-out is a {@link ConnectException} as well,
   * and does not come before the first packet was sent a second time, a second after the first.
   */
  private static final long ANSWER_NANOS = 1_000_000_000;

  private final EventLoop loop;
  private final ServerSocketChannel server;
  private final TransportHandler handler;
  private final TcpSettings settings;
  private final long mostHeldBytes;
  private long heldBytes; // for frames that are not whole: the thread of the connections
  private final @Nullable TlsDoors doors; // none where nothing is encrypted
  private final Authority bound;
  private final Hello self;
  private boolean sweepDue; // the thread of the connections
  private final Map<RefusalKind, Long> refusals = new ConcurrentHashMap<>();
  private final StrangerLog strangers = new StrangerLog(System.nanoTime());
  private final Set<TcpConnection> connections = new HashSet<>();
  private final Set<Authority> dials = new HashSet<>(); // those that are under way
  private final Set<Authority> checks = new HashSet<>(); // of these, whose end nobody waits for
  private final Map<Authority, TcpConnection> peers = new ConcurrentHashMap<>(); // the ones kept
  private final CountDownLatch gone = new CountDownLatch(1);
  private volatile boolean closed;

  private TcpPort(
      EventLoop loop,
      ServerSocketChannel server,
      Authority bound,
      Hello self,
      TransportHandler handler,
      TcpSettings settings,
      Supplier<TcpSettings> latest,
      long mostHeldBytes) {
    this.mostHeldBytes = mostHeldBytes;
    this.loop = loop;
    this.server = server;
    this.bound = bound;
    this.self = self;
    this.handler = handler;
    this.settings = settings;
    doors = settings.tls().asked() ? new TlsDoors(this, settings, latest) : null;
  }

  /** Returns how much a port of this process may hold for frames that are not whole. */
  static long usualHeldBytes() {
    return Math.max(LEAST_HELD_BYTES, Runtime.getRuntime().maxMemory() / HELD_PART);
  }

  /**
   * Listens.
   *
   * @param settings what counts until it closes
   * @param latest asked again at each connection, for the files and the allow list of TLS
   * @param mostHeldBytes how much may be held for frames that are not whole
   * @throws ClusterException if it cannot; then nothing is left
   */
  static TcpPort open(
      BindAddress bind,
      Introduction self,
      TransportHandler handler,
      TcpSettings settings,
      Supplier<TcpSettings> latest,
      long mostHeldBytes) {
    EventLoop loop = new SingleThreadIoEventLoop(
        null, new DefaultThreadFactory("thole-tcp", true), NioIoHandler.newFactory());
    try {
      ServerSocketChannel server = new PlainServerSocket();
      // Nobody is let in before the address is known by which this node introduces itself.
      server.config().setBacklog(BACKLOG).setReuseAddress(true).setAutoRead(false);
      check(bind, loop.register(server));
      check(bind, server.bind(new InetSocketAddress(bind.host(), bind.port())));
      Authority bound = new Authority(bind.host(), server.localAddress().getPort());
      NodeId node = new NodeId(self.advertise().orElse(bound), self.incarnation());
      TcpPort port = new TcpPort(
          loop,
          server,
          bound,
          new Hello(self.cluster(), node),
          handler,
          settings,
          latest,
          mostHeldBytes);
      port.listen();
      return port;
    } catch (RuntimeException e) {
      stop(loop);
      throw e;
    }
  }

  /** Returns the address that was bound. */
  Authority bound() {
    return bound;
  }

  /** Returns the address by which peers know this node. */
  Authority address() {
    return self.node().authority();
  }

  /** Returns how this node introduces itself. */
  Hello self() {
    return self;
  }

  /** Returns how many connections were refused, by reason. Any thread. */
  Map<String, Long> refusals() {
    Map<String, Long> counts = new TreeMap<>();
    for (RefusalKind refusal : RefusalKind.values()) {
      counts.put(refusal.toString(), refusals.getOrDefault(refusal, 0L));
    }
    return counts;
  }

  /** Any thread. */
  void dial(Authority peer) {
    try {
      loop.execute(() -> connect(peer));
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "not dialled, the port has closed: {0}", peer);
    }
  }

  /** Any thread. */
  boolean send(NodeId peer, ByteBuffer frame) {
    TcpConnection connection = peers.get(peer.authority());
    return connection != null
        && connection.peer().filter(peer::equals).isPresent()
        && connection.send(frame);
  }

  /** Any thread. */
  boolean drainSoon(NodeId peer) {
    TcpConnection connection = peers.get(peer.authority());
    return connection != null
        && connection.peer().filter(peer::equals).isPresent()
        && connection.drainSoon();
  }

  /** Any thread. */
  void disconnect(NodeId peer) {
    try {
      loop.execute(() -> connections.stream()
          .filter(connection ->
              connection.up() && connection.peer().filter(peer::equals).isPresent())
          .findFirst()
          .ifPresent(connection -> connection.part("this node has closed it")));
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "not disconnected, the port has closed: {0}", peer);
    }
  }

  /** Closes the port and all connections. Any thread but the port's own; blocks. */
  void close(boolean announced) {
    closed = true;
    loop.execute(() -> leave(announced));
    try {
      if (!gone.await(LEAVE_SECONDS, TimeUnit.SECONDS)) {
        LOG.log(Level.DEBUG, "peers of {0} that did not close in time are cut off", address());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!stop(loop)) {
      LOG.log(Level.WARNING, "the thread of {0} is still busy with a frame", address());
    }
    if (doors != null && !doors.stop()) {
      LOG.log(Level.WARNING, "the thread of {0} is still busy with a TLS handshake", address());
    }
  }

  /** A connection's other side has said who it is; the arbiter decides now, the other waits for it. */
  void introduced(TcpConnection connection) {
    if (connection.arbiter()) {
      admit(connection);
    }
  }

  /** The other side keeps this connection; if it is the arbiter, so must this one. */
  void welcomed(TcpConnection connection) {
    NodeId peer = connection.peer().orElseThrow();
    if (peers.get(peer.authority()) != connection) {
      admit(connection);
    }
    if (connection.alive()) {
      connection.open();
      settle(peer.authority());
      connection.dialled().ifPresent(this::settle);
      tell(() -> handler.onUp(peer));
    }
  }

  /** The arbiter keeps another connection. */
  void redundant(TcpConnection connection) {
    connection.dialled().ifPresent(dial -> passOn(dial, connection));
  }

  /** Everything that was handed in for this connection has been given to the operating system. */
  void drained(TcpConnection connection) {
    tell(() -> handler.onDrained(connection.peer().orElseThrow()));
  }

  void arrived(TcpConnection connection, List<ByteBuffer> frames) {
    tell(() -> handler.onFrames(connection.peer().orElseThrow(), frames));
  }

  /** A connection has ended, and nobody knows yet. */
  void ended(TcpConnection connection, boolean announced, String reason) {
    connection.peer().ifPresent(peer -> peers.remove(peer.authority(), connection));
    if (connection.wasUp()) {
      NodeId peer = connection.peer().orElseThrow();
      tell(() -> handler.onLost(peer, announced, reason));
    } else if (connection.dialled().isPresent()) {
      count(connection.refusal());
      refuse(connection.dialled().orElseThrow(), reason);
    } else {
      log(connection.channel(), connection.refusal(), reason);
    }
  }

  /** A connection has not got through its TLS handshake. */
  void barred(
      SocketChannel channel, @Nullable Authority dialled, RefusalKind refusal, String reason) {
    if (dialled == null) {
      log(channel, refusal, reason);
    } else {
      count(refusal);
      refuse(dialled, reason);
    }
  }

  /**
   * A connection holds more than before for a frame that is not whole, or less. Where all hold too much, those give back what they
   * do not need now; and then the frames are given up that are awaited the longest: an honest one is soon whole.
   */
  void held(int more) {
    heldBytes += more;
    if (more > 0 && heldBytes > mostHeldBytes) {
      connections.forEach(TcpConnection::trim);
      while (heldBytes > mostHeldBytes && giveUpOldest()) {}
    }
  }

  private boolean giveUpOldest() {
    long nowNanos = System.nanoTime();
    Optional<TcpConnection> oldest = connections.stream()
        .filter(TcpConnection::holdsFrame)
        .max(Comparator.comparingLong(connection -> nowNanos - connection.begunNanos()));
    oldest.ifPresent(connection -> {
      connection.end(
          false,
          "frames that are not whole take more than " + mostHeldBytes + " bytes, this the longest");
      connection.release();
    });
    return oldest.isPresent();
  }

  private void listen() {
    server.pipeline().addLast(new Acceptor());
    server.config().setAutoRead(true);
  }

  private void accept(SocketChannel channel) {
    InetSocketAddress remote = channel.remoteAddress();
    if (closed || remote == null) {
      channel.unsafe().closeForcibly(); // it has gone already
      return;
    }
    InetAddress from = remote.getAddress();
    long here = handshaking(any -> true);
    long same = handshaking(from::equals);
    int most =
        from.isLoopbackAddress() ? settings.strangersOfLoopback() : settings.strangersPerAddress();
    if (here >= settings.strangers() || same >= most) {
      log(
          channel,
          RefusalKind.CROWDED,
          "too many connections before a welcome: " + here + ", of this address " + same);
      channel.unsafe().closeForcibly();
      return;
    }
    configure(channel);
    add(channel, null);
    loop.register(channel);
  }

  /** Returns how many connections of others stand that were not up yet. */
  private long handshaking(Predicate<InetAddress> of) {
    Stream<SocketChannel> met = connections.stream()
        .filter(other -> !other.wasUp() && other.dialled().isEmpty())
        .map(TcpConnection::channel);
    Stream<SocketChannel> waiting = doors == null ? Stream.empty() : doors.dialledByOthers();
    return Stream.concat(met, waiting)
        .filter(SocketChannel::isActive)
        .filter(channel -> of.test(channel.remoteAddress().getAddress()))
        .count();
  }

  private void connect(Authority peer) {
    if (closed || connectedTo(peer)) {
      return;
    }
    if (dials.add(peer)) {
      begin(peer);
    } else {
      checks.remove(peer); // what comes of it is owed from now on
    }
  }

  /** Dials the address of who is connected, to see who is there. */
  private void check(Authority peer) {
    if (!closed && dials.add(peer)) {
      checks.add(peer);
      begin(peer);
    }
  }

  private void begin(Authority peer) {
    if (dials.size() > settings.peers()) { // each is a socket, and peers name whom to dial
      refuse(peer, settings.peers() + " others are being dialled");
      return;
    }
    if (peer.equals(address())) {
      refuse(peer, peer + " is this node");
      return;
    }
    // A name may take its time to be looked up, and this thread has none.
    CompletableFuture.supplyAsync(() -> new InetSocketAddress(peer.host(), peer.port()))
        .thenAcceptAsync(address -> connect(peer, address), loop);
  }

  private void connect(Authority peer, InetSocketAddress address) {
    if (closed) {
      return;
    }
    if (address.isUnresolved()) {
      refuse(peer, "unknown host " + peer.host());
      return;
    }
    SocketChannel channel = new PlainSocket();
    configure(channel);
    loop.register(channel);
    long beganNanos = System.nanoTime();
    channel.connect(address).addListener(done -> {
      if (done.isSuccess()) {
        add(channel, peer);
      } else {
        channel.close();
        long tookNanos = System.nanoTime() - beganNanos;
        refuse(peer, nobodyListens(done.cause(), tookNanos), reason(done.cause()));
      }
    });
  }

  /** Tells whether the other side has answered that no process listens: all other failures are of other types, or late. */
  static boolean nobodyListens(Throwable cause, long tookNanos) {
    return cause instanceof ConnectException
        && !(cause instanceof ConnectTimeoutException)
        && tookNanos < ANSWER_NANOS;
  }

  private boolean connectedTo(Authority peer) {
    return peers.values().stream()
        .anyMatch(connection -> connection.up()
            && (connection.peer().map(NodeId::authority).filter(peer::equals).isPresent()
                || connection.dialled().filter(peer::equals).isPresent()));
  }

  private void add(SocketChannel channel, @Nullable Authority dialled) {
    if (closed) {
      channel.close();
    } else if (doors == null) {
      meet(channel, dialled, Proof.NOT_ASKED);
    } else {
      sweepSoon();
      doors.open(channel, dialled);
    }
  }

  /** Lets two nodes introduce themselves to each other. */
  void meet(SocketChannel channel, @Nullable Authority dialled, Proof proof) {
    Handshake handshake = new Handshake(self, proof, settings, System.nanoTime());
    TcpConnection connection =
        new TcpConnection(this, channel, doors != null, handshake, settings, dialled);
    connections.add(connection);
    sweepSoon();
    channel.closeFuture().addListener(done -> {
      connections.remove(connection);
      connection.release();
      sayWhenGone();
    });
    channel.pipeline().addLast(connection);
  }

  /**
   * Keeps the connection and welcomes the other side, or ends it. Whoever is connected is not put out by somebody who says to be the
   * same, or a later start of it: only by who is found at the address. The same is asked there whether it has lost the first connection:
   * only then it says WELCOME on another.
   */
  private void admit(TcpConnection connection) {
    NodeId peer = connection.peer().orElseThrow();
    TcpConnection other = peers.get(peer.authority());
    NodeId before = other == null ? peer : other.peer().orElseThrow();
    boolean stands = other != null && other.wasUp();
    boolean second =
        other != null && before.equals(peer) && connection.arbiter() && !connection.hasWelcomed();
    boolean asks = stands && isCheck(connection);
    if (other == null && peers.size() >= settings.peers()) {
      connection.end(false, "no room for " + peer + ": " + peers.size() + " peers are connected");
    } else if (before.incarnation() > peer.incarnation()) {
      connection.end(false, peer + " is an earlier start of " + before);
    } else if (second && !asks) {
      connection.giveWay();
      redundant(connection);
      look(other, connection);
    } else if (stands && !connection.isReached()) {
      connection.end(
          false,
          peer + " is connected as " + before + ": its address is dialled to see who is there");
      look(other, connection);
    } else {
      if (!second) {
        keep(connection);
      }
      connection.welcome();
    }
  }

  private void keep(TcpConnection connection) {
    NodeId peer = connection.peer().orElseThrow();
    TcpConnection other = peers.put(peer.authority(), connection);
    if (other != null) {
      other.end(false, "another connection of " + peer + " took its place");
    }
  }

  /**
   * Looks who is at the address of a peer, if somebody has come who says to be there. That may be true: the peer may have lost its side
   * of the connection, or have been started anew.
   */
  private void look(@Nullable TcpConnection standing, TcpConnection come) {
    if (standing != null
        && standing.wasUp()
        && come.dialled().isEmpty()
        && standing.doubt(System.nanoTime())) {
      check(standing.peer().orElseThrow().authority());
    }
  }

  private boolean isCheck(TcpConnection connection) {
    return connection.isReached()
        && checks.contains(connection.peer().orElseThrow().authority());
  }

  /** A dial has ended. Tells whether that is owed to who asked for it. */
  private boolean settle(Authority dial) {
    boolean owed = !checks.remove(dial);
    return dials.remove(dial) && owed;
  }

  /** Lets the connection that is kept answer a dial, or answers that there is none. */
  private void passOn(Authority dial, TcpConnection redundant) {
    NodeId peer = redundant.peer().orElseThrow();
    connections.stream()
        .filter(other -> other.alive() && other.peer().filter(peer::equals).isPresent())
        .findFirst()
        .ifPresentOrElse(
            kept -> {
              if (kept.dialled().isEmpty()) {
                kept.answer(dial);
              }
              if (kept.up() && settle(dial) && !dial.equals(peer.authority())) {
                String reason = dial + " is " + peer + ", which is connected";
                tell(() -> handler.onRefused(dial, false, reason));
              }
            },
            () -> refuse(dial, peer + " has another connection to this node"));
  }

  private void refuse(Authority dial, String reason) {
    refuse(dial, false, reason);
  }

  private void refuse(Authority dial, boolean nobodyListens, String reason) {
    if (settle(dial)) {
      tell(() -> handler.onRefused(dial, nobodyListens, reason));
    }
  }

  private void tell(Runnable call) {
    if (closed) {
      return;
    }
    try {
      call.run();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "the handler of " + address() + " has thrown", e);
    }
  }

  /** Something begins that may take too long: looks at the times, until nothing is awaited. A node at rest is not woken. */
  void sweepSoon() {
    if (!sweepDue) {
      sweepDue = true;
      loop.schedule(this::sweep, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void sweep() {
    sweepDue = false;
    long nowNanos = System.nanoTime();
    boolean waits = false;
    for (TcpConnection connection : List.copyOf(connections)) {
      waits |= connection.passTime(nowNanos);
    }
    if (doors != null) {
      waits |= doors.passTime(nowNanos);
    }
    strangers.onTime(nowNanos).forEach(TcpPort::warn);
    if (waits || strangers.waits()) {
      sweepSoon();
    }
  }

  private void leave(boolean announced) {
    server.close();
    List.copyOf(connections).forEach(connection -> connection.leave(announced));
    if (doors != null) {
      doors.close();
    }
    sayWhenGone();
  }

  /** Tells the one who waits for it that there is no connection any more, once there is none. */
  void sayWhenGone() {
    if (closed && connections.isEmpty() && (doors == null || doors.isEmpty())) {
      gone.countDown();
    }
  }

  private void count(RefusalKind refusal) {
    refusals.merge(refusal, 1L, Long::sum);
  }

  private void log(SocketChannel channel, RefusalKind refusal, String reason) {
    InetSocketAddress remote = channel.remoteAddress();
    String from = remote == null
        ? "unknown"
        : remote.getAddress().getHostAddress() + " port " + remote.getPort();
    strangers
        .onStranger(refusal, "refused " + from + ": " + reason, System.nanoTime())
        .forEach(TcpPort::warn);
    count(refusal);
    sweepSoon();
  }

  private static void warn(String line) {
    LOG.log(Level.WARNING, line);
  }

  private void configure(SocketChannel channel) {
    channel.config().setConnectTimeoutMillis((int) settings.connect().toMillis());
    channel.config().setTcpNoDelay(true).setKeepAlive(true);
    channel.config().setAllocator(MEMORY);
    channel
        .config()
        .setRecvByteBufAllocator(
            new AdaptiveRecvByteBufAllocator(SMALLEST_READ, FIRST_READ, LARGEST_READ));
  }

  private static void check(BindAddress bind, ChannelFuture done) {
    Throwable cause = done.awaitUninterruptibly().cause();
    if (cause != null) {
      throw new ClusterException("cannot listen at " + bind + ": " + reason(cause), cause);
    }
  }

  private static String reason(Throwable cause) {
    return Escaped.plain(Objects.requireNonNullElse(cause.getMessage(), cause.toString()));
  }

  /** Ends the thread, and closes what it still serves. Tells whether it is done. */
  private static boolean stop(EventLoop loop) {
    loop.shutdownGracefully(0, LEAVE_SECONDS, TimeUnit.SECONDS);
    boolean interrupted = Thread.interrupted(); // an unbind that is hurried still frees the port
    try {
      return loop.awaitTermination(LEAVE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
      return false;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Lets connections in, and pauses when the operating system has no room for more. */
  private final class Acceptor extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      accept((SocketChannel) message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      LOG.log(Level.WARNING, "no connection can be accepted at {0}: {1}", address(), reason(cause));
      server.config().setAutoRead(false);
      loop.schedule(() -> server.config().setAutoRead(true), PAUSE_SECONDS, TimeUnit.SECONDS);
    }
  }
}
