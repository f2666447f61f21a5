package io.thole.bench;

/** Two bursts, one right after the other: on the floor, and on Thole above it. */
record Pair(Sample floor, Sample thole) {}
