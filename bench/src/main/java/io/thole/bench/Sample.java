package io.thole.bench;

/**
 * What one burst on one lane came to.
 *
 * @param perSecond how many messages or calls
 * @param middleMicros the time of the one in the middle, or 0 where it was not measured
 * @param highMicros the time that one in a hundred exceeded
 * @param cpuSecondsPerMillion the processor time of both processes, for a million
 */
record Sample(
    double perSecond, double middleMicros, double highMicros, double cpuSecondsPerMillion) {}
