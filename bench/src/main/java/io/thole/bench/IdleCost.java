package io.thole.bench;

import java.util.Locale;
import java.util.Optional;

/**
 * What a node costs in a cluster in which nothing happens.
 *
 * @param received what each node received, and as much sent, above TCP; empty where the kernel does not say
 * @param seconds in how long
 * @param cpuPercent of a core, beyond that of a process with a node alone
 * @param aloneCpuPercent of a process with a node alone
 * @param mebibytes the memory of a process
 */
record IdleCost(
    Optional<Received> received,
    double seconds,
    double cpuPercent,
    double aloneCpuPercent,
    double mebibytes) {
  /**
   * What came.
   *
   * @param bytesPerSecond how many bytes
   * @param segmentsPerSecond in how many pieces
   */
  record Received(double bytesPerSecond, double segmentsPerSecond) {}

  /** Returns the members of a JSON object. */
  String json() {
    String wire = received
        .map(count -> String.format(
            Locale.ROOT,
            "%.1f,\"segmentsPerNodeSecond\":%.2f",
            count.bytesPerSecond(),
            count.segmentsPerSecond()))
        .orElse("null,\"segmentsPerNodeSecond\":null");
    return String.format(
        Locale.ROOT,
        "{\"seconds\":%.1f,\"bytesPerNodeSecond\":%s,\"cpuPercentPerNode\":%.3f,"
            + "\"cpuPercentAlone\":%.3f,\"mebibytesPerProcess\":%.1f}",
        seconds,
        wire,
        cpuPercent,
        aloneCpuPercent,
        mebibytes);
  }
}
