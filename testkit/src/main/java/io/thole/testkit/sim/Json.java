package io.thole.testkit.sim;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes an object on one line. Its texts are our own words and need no escapes. */
final class Json {
  private static final int DECIMALS = 6;

  private Json() {}

  static String line(Map<String, ?> fields) {
    return fields.entrySet().stream()
        .map(field -> "\"" + field.getKey() + "\":" + value(field.getValue()))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String value(Object value) {
    if (value instanceof Double number) {
      return number(number);
    }
    return value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
  }

  private static String number(double value) {
    if (Double.isInfinite(value) || Double.isNaN(value)) {
      return "null";
    }
    BigDecimal exact = BigDecimal.valueOf(value).setScale(DECIMALS, RoundingMode.HALF_UP);
    return exact.signum() == 0 ? "0" : exact.stripTrailingZeros().toPlainString();
  }
}
