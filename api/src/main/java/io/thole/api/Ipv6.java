package io.thole.api;

import java.util.ArrayList;
import java.util.List;

/** The one text of an IPv6 address, by RFC 5952; never asks a resolver, as {@code InetAddress} may. */
final class Ipv6 {
  private static final int GROUPS = 8;

  private Ipv6() {}

  static String normal(String text) {
    int[] groups = groups(text);
    int start = -1;
    int length = 1; // a single group of zeros is not shortened: RFC 5952, 4.2.2
    for (int i = 0; i < GROUPS; i++) {
      int end = i;
      while (end < GROUPS && groups[end] == 0) {
        end++;
      }
      if (end - i > length) {
        start = i;
        length = end - i;
      }
      i = Math.max(i, end - 1);
    }
    if (start < 0) {
      return hex(groups, 0, GROUPS);
    }
    return hex(groups, 0, start) + "::" + hex(groups, start + length, GROUPS);
  }

  private static int[] groups(String text) {
    int gap = text.indexOf("::");
    if (gap != text.lastIndexOf("::")) {
      throw malformed(text);
    }
    List<Integer> head = gap < 0 ? read(text, text) : read(text, text.substring(0, gap));
    List<Integer> tail = gap < 0 ? List.of() : read(text, text.substring(gap + 2));
    int missing = GROUPS - head.size() - tail.size();
    if (gap < 0 ? missing != 0 : missing < 1) {
      throw malformed(text);
    }
    int[] groups = new int[GROUPS];
    for (int i = 0; i < head.size(); i++) {
      groups[i] = head.get(i);
    }
    for (int i = 0; i < tail.size(); i++) {
      groups[GROUPS - tail.size() + i] = tail.get(i);
    }
    return groups;
  }

  private static List<Integer> read(String text, String part) {
    List<Integer> groups = new ArrayList<>();
    if (part.isEmpty()) {
      return groups;
    }
    for (String group : part.split(":", -1)) {
      if (!group.matches("[0-9a-f]{1,4}")) {
        throw malformed(text);
      }
      groups.add(Integer.parseInt(group, 16));
    }
    return groups;
  }

  private static String hex(int[] groups, int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < to; i++) {
      text.append(i == from ? "" : ":").append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException("host " + Escaped.of(text) + " is no IPv6 address");
  }
}
