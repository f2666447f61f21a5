package io.thole.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What was seen of a node under attack.
 *
 * @param seconds for how long
 * @param calmMebibytes how much was resident before
 * @param mebibytes how much was resident each second
 * @param peakMebibytes the most that the kernel has seen
 * @param answered how many messages of healthy peers came back through it
 * @param reports what became of all that they published, by outcome
 * @param silenceMillis the longest time without an answer
 * @param attacks how often each attack was made
 */
record AttackFigures(
    double seconds,
    long calmMebibytes,
    List<Long> mebibytes,
    long peakMebibytes,
    long answered,
    Map<String, Long> reports,
    long silenceMillis,
    Map<String, Long> attacks) {
  String json() {
    return String.format(
        Locale.ROOT,
        "{\"seconds\":%.1f,\"calmMebibytes\":%d,\"peakMebibytes\":%d,\"answered\":%d,"
            + "\"silenceMillis\":%d,\"reports\":%s,\"attacks\":%s}%n",
        seconds,
        calmMebibytes,
        peakMebibytes,
        answered,
        silenceMillis,
        json(reports),
        json(attacks));
  }

  private static String json(Map<String, Long> counts) {
    StringBuilder text = new StringBuilder("{");
    counts.forEach((name, count) -> text.append(text.length() == 1 ? "" : ",")
        .append('"')
        .append(name)
        .append("\":")
        .append(count));
    return text.append('}').toString();
  }

  String table() {
    return String.format(
        Locale.ROOT,
        "resident before      %,d MiB%nresident at most     %,d MiB in %.0f s%nhealthy messages     %,d"
            + " answered, the longest silence %,d ms%n                     %s%nattacks              %s%n",
        calmMebibytes,
        peakMebibytes,
        seconds,
        answered,
        silenceMillis,
        reports,
        attacks);
  }
}
