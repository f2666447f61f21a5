package io.thole.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.BindAddress;
import io.thole.api.ClusterException;
import io.thole.api.NodeId;
import io.thole.spi.Introduction;
import io.thole.spi.Transport;
import io.thole.spi.TransportHandler;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract finds each lie that a transport may tell; the honest one is {@link MemoryTransportTest}. */
@Isolated("the contract counts the threads of the whole process")
class TransportContractTest {
  /** A lie, and the test that must find it. */
  private record Lie(Class<?> contract, String found) {}

  static List<Lie> lies() {
    return List.of(
        new Lie(SendsTwice.class, "carriesFramesWholeOnceAndInOrderBothWays"),
        new Lie(Reorders.class, "carriesFramesWholeOnceAndInOrderBothWays"),
        new Lie(Reorders.class, "keepsTheOrderOfEachThreadThatSends"),
        new Lie(Truncates.class, "carriesFramesUpToTheLimitAndRefusesLongerOnes"),
        new Lie(DropsAndSaysSent.class, "carriesFramesWholeOnceAndInOrderBothWays"),
        new Lie(TakesLongerFrames.class, "carriesFramesUpToTheLimitAndRefusesLongerOnes"),
        new Lie(ConsumesTheFrame.class, "sendsTheFrameFromWhereItLiesAndLeavesItsPositionAlone"),
        new Lie(ForgetsTheIncarnation.class, "sendsNothingWithoutAConnectionToThatVeryRun"),
        new Lie(AlwaysTakes.class, "saysWhenThereIsNoRoomAndLosesNothingThatItTook"),
        new Lie(AnnouncesNothing.class, "tellsThatAConnectionIsLostAndWhetherItWasAnnounced"),
        new Lie(NeverDrained.class, "tellsThatAllWasHandedOverAfterTheLastFrame"),
        new Lie(KeepsTheConnection.class, "aDisconnectTellsBothSidesAfterWhatWasSent"),
        new Lie(AdvertisesNothing.class, "isKnownAndDialledByTheAddressThatItAdvertises"),
        new Lie(TalksAfterwards.class, "isSilentOnceItIsUnbound"),
        new Lie(NamesNoCluster.class, "refusesANodeOfAnotherClusterAndNamesBoth"),
        new Lie(TakesAnyFailureForARefusal.class, "refusesANodeOfAnotherClusterAndNamesBoth"),
        new Lie(TakesNoFailureForARefusal.class, "refusesOnceWhereNobodyListens"),
        new Lie(NamesNoPort.class, "failsToBindToAPortInUseNamesItAndLeavesNothing"),
        new Lie(
            LeaksAThreadWhenThePortIsInUse.class, "failsToBindToAPortInUseNamesItAndLeavesNothing"),
        new Lie(KeepsThePort.class, "bindsAgainWhereItWasAndIsAnotherNode"),
        new Lie(LeaksAThread.class, "leavesNoThread"),
        new Lie(CallsTwiceAtOnce.class, "carriesFramesWholeOnceAndInOrderBothWays"));
  }

  @ParameterizedTest
  @MethodSource("lies")
  void findsALie(Lie lie) {
    Verdict verdict = Verdict.of(lie.contract(), List.of(lie.found()));

    assertTrue(verdict.failures().containsKey(lie.found()), verdict.toString());
  }

  @Test
  void passesATransportThatIsWrappedAndTellsNoLie() {
    assertEquals(Map.of(), Verdict.of(Honest.class).failures());
  }

  /** A memory transport whose lies are what subclasses override. */
  private static class Wrapped implements Transport {
    final MemoryTransport transport;

    Wrapped(MemoryTransport transport) {
      this.transport = transport;
    }

    @Override
    public String name() {
      return transport.name();
    }

    @Override
    public Authority bind(BindAddress bind, Introduction self, TransportHandler handler) {
      return transport.bind(bind, self, handler);
    }

    @Override
    public void dial(Authority peer) {
      transport.dial(peer);
    }

    @Override
    public boolean send(NodeId peer, ByteBuffer frame) {
      return transport.send(peer, frame);
    }

    @Override
    public void disconnect(NodeId peer) {
      transport.disconnect(peer);
    }

    @Override
    public void unbind(boolean announced) {
      transport.unbind(announced);
    }
  }

  /** A handler that hands on what it is told, but for what subclasses override. */
  private static class HandingOn implements TransportHandler {
    final TransportHandler handler;

    HandingOn(TransportHandler handler) {
      this.handler = handler;
    }

    @Override
    public void onUp(NodeId peer) {
      handler.onUp(peer);
    }

    @Override
    public void onLost(NodeId peer, boolean announced, String reason) {
      handler.onLost(peer, announced, reason);
    }

    @Override
    public void onRefused(Authority peer, boolean nobodyListens, String reason) {
      handler.onRefused(peer, nobodyListens, reason);
    }

    @Override
    public void onDrained(NodeId peer) {
      handler.onDrained(peer);
    }

    @Override
    public void onFrames(NodeId peer, List<ByteBuffer> frames) {
      handler.onFrames(peer, frames);
    }
  }

  abstract static class OfMemory extends TransportContract {
    private final MemoryNetwork network = new MemoryNetwork();
    private final Function<MemoryTransport, Transport> spoil;

    OfMemory(Function<MemoryTransport, Transport> spoil) {
      this.spoil = spoil;
    }

    @Override
    protected Transport newTransport() {
      return spoil.apply(network.transport());
    }

    @Override
    protected void passTime() {
      network.run();
    }

    @Override
    protected Duration patience() {
      return Duration.ofMillis(100);
    }
  }

  /** Lies about what its handler is told. */
  abstract static class OfHandler extends OfMemory {
    OfHandler(Function<TransportHandler, TransportHandler> spoil) {
      super(memory -> new Wrapped(memory) {
        @Override
        public Authority bind(BindAddress bind, Introduction self, TransportHandler handler) {
          return super.bind(bind, self, spoil.apply(handler));
        }
      });
    }
  }

  static class Honest extends OfHandler {
    Honest() {
      super(HandingOn::new);
    }
  }

  static class SendsTwice extends OfMemory {
    SendsTwice() {
      super(memory -> new Wrapped(memory) {
        @Override
        public boolean send(NodeId peer, ByteBuffer frame) {
          boolean sent = super.send(peer, frame);
          super.send(peer, frame);
          return sent;
        }
      });
    }
  }

  static class Reorders extends OfMemory {
    Reorders() {
      super(memory -> new Wrapped(memory) {
        private ByteBuffer held = ByteBuffer.allocate(0);

        @Override
        public synchronized boolean send(NodeId peer, ByteBuffer frame) {
          ByteBuffer copy =
              ByteBuffer.allocate(frame.remaining()).put(frame.duplicate()).flip();
          boolean sent = !held.hasRemaining() || (super.send(peer, copy) && super.send(peer, held));
          held = held.hasRemaining() ? ByteBuffer.allocate(0) : copy;
          return sent;
        }
      });
    }
  }

  static class Truncates extends OfHandler {
    Truncates() {
      super(handler -> new HandingOn(handler) {
        @Override
        public void onFrames(NodeId peer, List<ByteBuffer> frames) {
          frames.forEach(frame -> frame.limit(Math.min(frame.limit(), 1 << 20)));
          super.onFrames(peer, frames);
        }
      });
    }
  }

  static class DropsAndSaysSent extends OfMemory {
    DropsAndSaysSent() {
      super(memory -> new Wrapped(memory) {
        private int count;

        @Override
        public boolean send(NodeId peer, ByteBuffer frame) {
          return ++count % 100 == 0 || super.send(peer, frame);
        }
      });
    }
  }

  static class TakesLongerFrames extends OfMemory {
    TakesLongerFrames() {
      super(memory -> new Wrapped(memory) {
        @Override
        public boolean send(NodeId peer, ByteBuffer frame) {
          return frame.remaining() > FRAME_LIMIT || super.send(peer, frame);
        }
      });
    }
  }

  static class ConsumesTheFrame extends OfMemory {
    ConsumesTheFrame() {
      super(memory -> new Wrapped(memory) {
        @Override
        public boolean send(NodeId peer, ByteBuffer frame) {
          boolean sent = super.send(peer, frame);
          frame.position(frame.limit());
          return sent;
        }
      });
    }
  }

  static class ForgetsTheIncarnation extends OfMemory {
    ForgetsTheIncarnation() {
      super(memory -> new Wrapped(memory) {
        @Override
        public boolean send(NodeId peer, ByteBuffer frame) {
          return super.send(peer, frame)
              || super.send(new NodeId(peer.authority(), 1), frame)
              || super.send(new NodeId(peer.authority(), 2), frame);
        }
      });
    }
  }

  static class AlwaysTakes extends OfMemory {
    AlwaysTakes() {
      super(memory -> new Wrapped(memory) {
        @Override
        public boolean send(NodeId peer, ByteBuffer frame) {
          super.send(peer, frame);
          return true;
        }
      });
    }
  }

  static class AnnouncesNothing extends OfMemory {
    AnnouncesNothing() {
      super(memory -> new Wrapped(memory) {
        @Override
        public void unbind(boolean announced) {
          super.unbind(false);
        }
      });
    }
  }

  static class NeverDrained extends OfHandler {
    NeverDrained() {
      super(handler -> new HandingOn(handler) {
        @Override
        public void onDrained(NodeId peer) {}
      });
    }
  }

  static class KeepsTheConnection extends OfMemory {
    KeepsTheConnection() {
      super(memory -> new Wrapped(memory) {
        @Override
        public void disconnect(NodeId peer) {}
      });
    }
  }

  static class AdvertisesNothing extends OfMemory {
    AdvertisesNothing() {
      super(memory -> new Wrapped(memory) {
        @Override
        public Authority bind(BindAddress bind, Introduction self, TransportHandler handler) {
          return super.bind(bind, new Introduction(self.cluster(), self.incarnation()), handler);
        }
      });
    }
  }

  static class TalksAfterwards extends OfMemory {
    private Runnable late = () -> {};

    TalksAfterwards() {
      super(memory -> memory);
    }

    @Override
    protected Transport newTransport() {
      return new Wrapped((MemoryTransport) super.newTransport()) {
        private Runnable last = () -> {};

        @Override
        public Authority bind(BindAddress bind, Introduction self, TransportHandler handler) {
          Authority address = super.bind(bind, self, handler);
          last = () -> handler.onRefused(address, false, "closed");
          return address;
        }

        @Override
        public void unbind(boolean announced) {
          super.unbind(announced);
          late = last;
        }
      };
    }

    @Override
    protected void passTime() {
      late.run();
      super.passTime();
    }
  }

  static class NamesNoCluster extends OfHandler {
    NamesNoCluster() {
      super(handler -> new HandingOn(handler) {
        @Override
        public void onRefused(Authority peer, boolean nobodyListens, String reason) {
          super.onRefused(peer, nobodyListens, "refused");
        }
      });
    }
  }

  static class TakesAnyFailureForARefusal extends OfHandler {
    TakesAnyFailureForARefusal() {
      super(handler -> new HandingOn(handler) {
        @Override
        public void onRefused(Authority peer, boolean nobodyListens, String reason) {
          super.onRefused(peer, true, reason);
        }
      });
    }
  }

  static class TakesNoFailureForARefusal extends OfHandler {
    TakesNoFailureForARefusal() {
      super(handler -> new HandingOn(handler) {
        @Override
        public void onRefused(Authority peer, boolean nobodyListens, String reason) {
          super.onRefused(peer, false, reason);
        }
      });
    }
  }

  static class NamesNoPort extends OfMemory {
    NamesNoPort() {
      super(memory -> new Wrapped(memory) {
        @Override
        public Authority bind(BindAddress bind, Introduction self, TransportHandler handler) {
          try {
            return super.bind(bind, self, handler);
          } catch (ClusterException inUse) {
            throw new ClusterException("address already in use");
          }
        }
      });
    }
  }

  static class LeaksAThreadWhenThePortIsInUse extends OfMemory {
    LeaksAThreadWhenThePortIsInUse() {
      super(memory -> new Wrapped(memory) {
        @Override
        public Authority bind(BindAddress bind, Introduction self, TransportHandler handler) {
          try {
            return super.bind(bind, self, handler);
          } catch (ClusterException inUse) {
            LeakedThread.start();
            throw inUse;
          }
        }
      });
    }
  }

  static class KeepsThePort extends OfMemory {
    KeepsThePort() {
      super(memory -> new Wrapped(memory) {
        private boolean used;

        @Override
        public Authority bind(BindAddress bind, Introduction self, TransportHandler handler) {
          if (used) {
            throw new ClusterException("port " + bind.port() + " is in use");
          }
          used = true;
          return super.bind(bind, self, handler);
        }
      });
    }
  }

  static class LeaksAThread extends OfMemory {
    LeaksAThread() {
      super(memory -> new Wrapped(memory) {
        @Override
        public void unbind(boolean announced) {
          super.unbind(announced);
          LeakedThread.start();
        }
      });
    }
  }

  static class CallsTwiceAtOnce extends OfHandler {
    CallsTwiceAtOnce() {
      super(handler -> new HandingOn(handler) {
        @Override
        public void onFrames(NodeId peer, List<ByteBuffer> frames) {
          super.onFrames(peer, new AbstractList<>() {
            @Override
            public ByteBuffer get(int index) {
              handler.onRefused(peer.authority(), false, "meanwhile");
              return frames.get(index);
            }

            @Override
            public int size() {
              return frames.size();
            }
          });
        }
      });
    }
  }
}
