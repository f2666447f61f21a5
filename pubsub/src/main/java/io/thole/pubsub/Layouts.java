package io.thole.pubsub;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Finds the layout of each type that a component of a record may have. For one thread. */
final class Layouts {
  private static final Map<Class<?>, Layout> PLAIN = plain();

  private final Map<Class<?>, RecordLayout> records =
      new HashMap<>(); // also those not finished: they may lie in themselves

  /** Returns the layout of a record. */
  RecordLayout of(Class<?> type) {
    RecordLayout known = records.get(type);
    if (known != null) {
      return known;
    }
    RecordLayout made = new RecordLayout(type);
    records.put(type, made);
    made.resolve(this);
    return made;
  }

  /**
   * Returns the layout of a component.
   *
   * @param type its type
   * @param where what it is called, for people
   * @throws IllegalArgumentException if it can have none
   */
  Layout of(Type type, String where) {
    if (type instanceof Class<?> plain) {
      Layout known = PLAIN.get(plain);
      if (known != null) {
        return known;
      }
      if (plain.isEnum()) {
        return new EnumLayout(plain);
      }
      if (plain.isRecord() && plain.getTypeParameters().length == 0) {
        return of(plain);
      }
    } else if (type instanceof ParameterizedType generic) {
      Type[] of = generic.getActualTypeArguments();
      if (generic.getRawType() == List.class) {
        return new ListLayout(of(of[0], where));
      }
      if (generic.getRawType() == Optional.class) {
        return new OptionalLayout(of(of[0], where));
      }
      if (generic.getRawType() == Map.class && isKey(of[0])) {
        return new MapLayout(of(of[0], where), of(of[1], where));
      }
    }
    throw new IllegalArgumentException(where + " is of type " + type.getTypeName()
        + "; allowed: primitives, String, byte[], enums, records without type parameters, and List, Map with"
        + " primitives, String or enums as keys, and Optional of these");
  }

  private static boolean isKey(Type type) {
    return type != byte[].class
        && type instanceof Class<?> plain
        && (PLAIN.containsKey(plain) || plain.isEnum());
  }

  private static Map<Class<?>, Layout> plain() {
    Map<Class<?>, Layout> all = new HashMap<>();
    put(
        all,
        boolean.class,
        Boolean.class,
        1,
        false,
        (v, to) -> to.putByte(v ? 1 : 0),
        Layouts::bool);
    put(all, byte.class, Byte.class, 1, (byte) 0, (v, to) -> to.putByte(v), ByteBuffer::get);
    put(
        all,
        short.class,
        Short.class,
        2,
        (short) 0,
        (v, to) -> to.putShort(v),
        ByteBuffer::getShort);
    put(
        all,
        char.class,
        Character.class,
        2,
        (char) 0,
        (v, to) -> to.putShort(v),
        ByteBuffer::getChar);
    put(all, int.class, Integer.class, 4, 0, (v, to) -> to.putInt(v), ByteBuffer::getInt);
    put(all, long.class, Long.class, 8, 0L, (v, to) -> to.putLong(v), ByteBuffer::getLong);
    put(
        all,
        float.class,
        Float.class,
        4,
        0f,
        (v, to) -> to.putInt(Float.floatToIntBits(v)),
        ByteBuffer::getFloat);
    put(
        all,
        double.class,
        Double.class,
        8,
        0d,
        (v, to) -> to.putLong(Double.doubleToLongBits(v)),
        ByteBuffer::getDouble);
    put(
        all,
        String.class,
        String.class,
        4,
        "",
        (v, to) -> to.putBytes(BuiltIn.utf8(v)),
        Layouts::text);
    put(all, byte[].class, byte[].class, 4, new byte[0], (v, to) -> to.putBytes(v), Layouts::bytes);
    return Map.copyOf(all);
  }

  @SuppressWarnings("unchecked")
  private static <T> void put(
      Map<Class<?>, Layout> all,
      Class<?> primitive,
      Class<T> type,
      int leastBytes,
      T missing,
      BiConsumer<T, Written> writer,
      Function<ByteBuffer, T> reader) {
    Layout layout = new Layout() {
      @Override
      public void write(Object value, Written target, int depth) {
        writer.accept((T) value, target);
      }

      @Override
      public Object read(ByteBuffer source, int depth) {
        return reader.apply(source);
      }

      @Override
      public int leastBytes() {
        return leastBytes;
      }

      @Override
      public Optional<Object> missing() {
        return Optional.of(missing);
      }
    };
    all.put(primitive, layout);
    all.put(type, layout);
  }

  private static boolean bool(ByteBuffer source) {
    int value = source.get();
    if (value != 0 && value != 1) {
      throw new IllegalArgumentException(value + " is neither true nor false");
    }
    return value == 1;
  }

  static String text(ByteBuffer source) {
    int length = Layout.count(source, 1);
    String text = BuiltIn.text(source.slice(source.position(), length));
    source.position(source.position() + length);
    return text;
  }

  private static byte[] bytes(ByteBuffer source) {
    byte[] bytes = new byte[Layout.count(source, 1)];
    source.get(bytes);
    return bytes;
  }

  /** An enum: the name of the constant, so that others may be added anywhere. */
  private static final class EnumLayout implements Layout {
    private final Map<String, Object> constants = new HashMap<>();

    EnumLayout(Class<?> type) {
      for (Object constant : type.getEnumConstants()) {
        constants.put(((Enum<?>) constant).name(), constant);
      }
    }

    @Override
    public void write(Object value, Written target, int depth) {
      target.putBytes(BuiltIn.utf8(((Enum<?>) value).name()));
    }

    @Override
    public Object read(ByteBuffer source, int depth) {
      String name = text(source);
      Object constant = constants.get(name);
      if (constant == null) {
        throw new IllegalArgumentException("no constant " + name);
      }
      return constant;
    }

    @Override
    public int leastBytes() {
      return 4;
    }

    @Override
    public Optional<Object> missing() {
      return Optional.empty();
    }
  }

  /** A list: how many (4), and each. */
  private record ListLayout(Layout element) implements Layout {
    @Override
    public void write(Object value, Written target, int depth) {
      List<?> list = (List<?>) value;
      target.putInt(list.size());
      int deeper = Layout.deeper(depth);
      list.forEach(each -> element.write(notNull(each), target, deeper));
    }

    @Override
    public Object read(ByteBuffer source, int depth) {
      int count = Layout.count(source, element.leastBytes());
      int deeper = Layout.deeper(depth);
      List<Object> list = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        list.add(element.read(source, deeper));
      }
      return Collections.unmodifiableList(list);
    }

    @Override
    public int leastBytes() {
      return 4;
    }

    @Override
    public Optional<Object> missing() {
      return Optional.of(List.of());
    }
  }

  /** A map: how many (4), and of each its key and its value; in the order of the map that was written. */
  private record MapLayout(Layout key, Layout value) implements Layout {
    @Override
    public void write(Object written, Written target, int depth) {
      Map<?, ?> map = (Map<?, ?>) written;
      target.putInt(map.size());
      int deeper = Layout.deeper(depth);
      map.forEach((k, v) -> {
        key.write(notNull(k), target, deeper);
        value.write(notNull(v), target, deeper);
      });
    }

    @Override
    public Object read(ByteBuffer source, int depth) {
      int count = Layout.count(source, key.leastBytes() + value.leastBytes());
      int deeper = Layout.deeper(depth);
      Map<Object, Object> map = new LinkedHashMap<>();
      for (int i = 0; i < count; i++) {
        Object k = key.read(source, deeper);
        if (map.put(k, value.read(source, deeper)) != null) {
          throw new IllegalArgumentException("the key " + k + " is there twice");
        }
      }
      return Collections.unmodifiableMap(map);
    }

    @Override
    public int leastBytes() {
      return 4;
    }

    @Override
    public Optional<Object> missing() {
      return Optional.of(Map.of());
    }
  }

  /** An optional: whether it is there (1), and then what. */
  private record OptionalLayout(Layout content) implements Layout {
    @Override
    public void write(Object value, Written target, int depth) {
      Optional<?> optional = (Optional<?>) value;
      target.putByte(optional.isPresent() ? 1 : 0);
      int deeper = Layout.deeper(depth);
      optional.ifPresent(there -> content.write(there, target, deeper));
    }

    @Override
    public Object read(ByteBuffer source, int depth) {
      int deeper = Layout.deeper(depth);
      return bool(source) ? Optional.of(content.read(source, deeper)) : Optional.empty();
    }

    @Override
    public int leastBytes() {
      return 1;
    }

    @Override
    public Optional<Object> missing() {
      return Optional.of(Optional.empty());
    }
  }

  static Object notNull(Object value) {
    if (value == null) {
      throw new IllegalArgumentException("null cannot be written; use Optional");
    }
    return value;
  }
}
