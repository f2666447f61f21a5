package io.thole.pubsub;

import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A record: how many components (1), how many bytes they take (4), and each. So who knows fewer passes over the others, and who knows
 * more sees which are missing. Any thread, once it is resolved.
 */
final class RecordLayout implements Layout {
  private static final int HEAD_BYTES = 5;

  private final Class<?> type;
  private final List<RecordComponent> components;
  private final Constructor<?> constructor;
  private Layout[] layouts = {};
  private Method[] accessors = {};

  /**
   * Makes one whose components are not known yet.
   *
   * @throws IllegalArgumentException if it is not accessible
   */
  RecordLayout(Class<?> type) {
    this.type = type;
    components = List.of(type.getRecordComponents());
    try {
      constructor = type.getDeclaredConstructor(
          components.stream().map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
    } catch (NoSuchMethodException | InaccessibleObjectException e) {
      throw new IllegalArgumentException(
          type.getName()
              + " is not accessible; its module has to open its package to io.thole.pubsub",
          e);
    }
  }

  void resolve(Layouts all) {
    layouts = components.stream()
        .map(component -> all.of(
            component.getGenericType(),
            "component " + component.getName() + " of " + type.getName()))
        .toArray(Layout[]::new);
    accessors = components.stream().map(RecordComponent::getAccessor).toArray(Method[]::new);
    Arrays.stream(accessors).forEach(accessor -> accessor.setAccessible(true));
  }

  @Override
  public void write(Object value, Written target, int depth) {
    int deeper = Layout.deeper(depth);
    int began = target.putByte(layouts.length).beginLength();
    for (int i = 0; i < layouts.length; i++) {
      try {
        layouts[i].write(Layouts.notNull(accessors[i].invoke(value)), target, deeper);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(name(i) + ": " + e.getMessage(), e);
      } catch (InvocationTargetException e) {
        throw new IllegalArgumentException(name(i) + ": " + Unreadable.words(e.getCause()), e);
      } catch (IllegalAccessException e) {
        throw new LinkageError("accessible components do not throw this", e);
      }
    }
    target.endLength(began);
  }

  @Override
  public Object read(ByteBuffer source, int depth) {
    int deeper = Layout.deeper(depth);
    int count = Byte.toUnsignedInt(source.get());
    int end = Layout.count(source, 1) + source.position();
    int limit = source.limit();
    source.limit(end);
    Object[] values = new Object[layouts.length];
    for (int i = 0; i < layouts.length; i++) {
      values[i] = i < count ? read(i, source, deeper) : missing(i);
    }
    if (count <= layouts.length && source.hasRemaining()) {
      throw new IllegalArgumentException(source.remaining() + " bytes are left over");
    }
    source.limit(limit).position(end);
    return make(values);
  }

  private Object read(int component, ByteBuffer source, int depth) {
    try {
      return layouts[component].read(source, depth);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name(component) + ": " + e.getMessage(), e);
    }
  }

  private Object missing(int component) {
    return layouts[component]
        .missing()
        .orElseThrow(() -> new IllegalArgumentException(name(component) + " is missing"));
  }

  private Object make(Object[] values) {
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(
          "the record refuses it: " + Unreadable.words(e.getCause()), e);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("an accessible constructor of a record does not throw this", e);
    }
  }

  private String name(int component) {
    return components.get(component).getName();
  }

  @Override
  public int leastBytes() {
    return HEAD_BYTES;
  }

  @Override
  public Optional<Object> missing() {
    return Optional.empty();
  }
}
