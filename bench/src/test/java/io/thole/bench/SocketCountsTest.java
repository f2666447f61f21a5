package io.thole.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thole.bench.SocketCounts.Count;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SocketCountsTest {
  private static final String ACCEPTED =
      "ESTAB 0 0 [::ffff:127.0.0.1]:26050 [::ffff:127.0.0.1]:40002"
          + " cubic wscale:7,7 rto:201 bytes_sent:70 bytes_acked:70 bytes_received:900 segs_out:9 segs_in:12"
          + " data_segs_out:4 data_segs_in:7 send 2.6Gbps";
  private static final String DIALLED =
      ACCEPTED.replaceFirst("(\\S+:26050) (\\S+:40002)", "$2 $1").replace(":900 ", ":70 ");
  private static final String SILENT =
      "ESTAB 0 0 127.0.0.1:26050 127.0.0.1:40004 cubic wscale:7,7 rto:201 segs_in:2";
  private static final String OTHER = ACCEPTED.replace("26050", "26059");

  @Test
  void countsBothEndsOfTheConnectionsOfAPort() {
    SocketCounts counts =
        SocketCounts.read(List.of(ACCEPTED, DIALLED, SILENT, OTHER, "", "x"), Set.of(26_050));

    assertEquals(
        Map.of(
            "[::ffff:127.0.0.1]:26050 [::ffff:127.0.0.1]:40002",
            new Count(900, 7),
            "[::ffff:127.0.0.1]:40002 [::ffff:127.0.0.1]:26050",
            new Count(70, 7),
            "127.0.0.1:26050 127.0.0.1:40004",
            new Count(0, 0)),
        counts.sockets());
  }

  @Test
  void subtractsWhatWasThereAndCountsANewSocketWhole() {
    SocketCounts before = SocketCounts.read(List.of(ACCEPTED), Set.of(26_050));
    String later = ACCEPTED.replace(":900 ", ":1000 ").replace("segs_in:7", "segs_in:9");

    Count count = SocketCounts.read(List.of(later, DIALLED), Set.of(26_050)).since(before);

    assertEquals(new Count(100 + 70, 2 + 7), count);
  }
}
