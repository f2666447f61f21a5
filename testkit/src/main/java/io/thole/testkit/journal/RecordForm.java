package io.thole.testkit.journal;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How one kind of record is written: its components are its keys. Read and written by reflection, so that the two cannot
 * disagree.
 */
final class RecordForm {
  private static final Map<String, RecordForm> FORMS = Stream.of(
          JournalRecord.class.getPermittedSubclasses())
      .map(RecordForm::new)
      .collect(Collectors.toUnmodifiableMap(form -> name(form.type), Function.identity()));

  private final Class<?> type;
  private final RecordComponent[] components;
  private final Constructor<?> constructor;

  private RecordForm(Class<?> type) {
    this.type = type;
    components = type.getRecordComponents();
    try {
      constructor = type.getDeclaredConstructor(
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
    } catch (NoSuchMethodException e) {
      throw new AssertionError("a record without its constructor: " + type, e);
    }
  }

  static String nameOf(JournalRecord record) {
    return name(record.getClass());
  }

  static Map<String, Object> fieldsOf(JournalRecord record) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (RecordComponent component : form(nameOf(record)).components) {
      try {
        fields.put(component.getName(), component.getAccessor().invoke(record));
      } catch (ReflectiveOperationException e) {
        throw new LinkageError("unreadable: " + component, e);
      }
    }
    return fields;
  }

  /**
   * Makes the record that the fields of a line describe. Keys that are not known are passed over.
   *
   * @throws IllegalArgumentException if a field is missing or of another type
   */
  static JournalRecord read(Map<String, Object> fields) {
    RecordForm form = form(String.valueOf(fields.get("record")));
    Object[] values = Arrays.stream(form.components)
        .map(component -> value(fields, component.getName(), component.getType()))
        .toArray();
    try {
      return (JournalRecord) form.constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("unacceptable values", e);
    }
  }

  /** Returns a number. */
  static long number(Map<String, Object> fields, String key) {
    return (Long) value(fields, key, long.class);
  }

  private static Object value(Map<String, Object> fields, String key, Class<?> type) {
    Object value = fields.get(key);
    Class<?> wanted =
        type == long.class ? Long.class : type == boolean.class ? Boolean.class : type;
    if (!wanted.isInstance(value)) {
      throw new IllegalArgumentException(key + " is missing or of another type");
    }
    return value;
  }

  private static RecordForm form(String name) {
    RecordForm form = FORMS.get(name);
    if (form == null) {
      throw new IllegalArgumentException("unknown record");
    }
    return form;
  }

  private static String name(Class<?> type) {
    return Objects.requireNonNull(type).getSimpleName().toLowerCase(Locale.ROOT);
  }
}
