package io.thole.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/** The floor: plain Netty, with nothing of a cluster. */
final class FloorLane implements Lane {
  private final EventLoopGroup group;
  private final FloorEnd end;
  private final Queue<Runnable> waiting; // replies come in the order of their requests

  private FloorLane(EventLoopGroup group, FloorEnd end, Queue<Runnable> waiting) {
    this.group = group;
    this.end = end;
    this.waiting = waiting;
  }

  /** Connects to a port of this machine. */
  static FloorLane open(int port) {
    EventLoopGroup group = group();
    Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    NioSocketChannel channel = (NioSocketChannel) new Bootstrap()
        .group(group)
        .channel(NioSocketChannel.class)
        .handler(initializer((end, type, bytes, length) -> waiting.remove().run()))
        .connect(InetAddress.getLoopbackAddress(), port)
        .syncUninterruptibly()
        .channel();
    return new FloorLane(group, channel.pipeline().get(FloorEnd.class), waiting);
  }

  /**
   * Listens in a daemon thread until the process ends.
   *
   * @return the port
   */
  static int listen(FloorEnd.Receiver receiver) {
    NioServerSocketChannel server = (NioServerSocketChannel) new ServerBootstrap()
        .group(group())
        .channel(NioServerSocketChannel.class)
        .childHandler(initializer(receiver))
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .syncUninterruptibly()
        .channel();
    return server.localAddress().getPort();
  }

  @Override
  public void publish(byte[] payload) {
    end.send(FloorEnd.MESSAGE, payload);
  }

  @Override
  public void fanOut(byte[] payload) {
    end.send(FloorEnd.FAN, payload);
  }

  @Override
  public void settle() {} // nobody reports

  @Override
  public void call(byte[] request, Runnable replied) {
    waiting.add(replied);
    end.send(FloorEnd.REQUEST, request);
  }

  @Override
  public void ask(byte[] request) {
    Semaphore replied = new Semaphore(0);
    call(request, replied::release);
    replied.acquireUninterruptibly();
  }

  @Override
  public void close() {
    group.shutdownGracefully();
  }

  private static EventLoopGroup group() {
    return new MultiThreadIoEventLoopGroup(
        1, new DefaultThreadFactory("floor", true), NioIoHandler.newFactory());
  }

  private static ChannelInitializer<SocketChannel> initializer(FloorEnd.Receiver receiver) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(SocketChannel channel) {
        channel.pipeline().addLast(new FloorEnd(channel, receiver));
      }
    };
  }
}
