package io.twinberg.it.engine.spark;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import scala.collection.JavaConverters;

/**
 * Turns Spark's values into what JSON can hold.
 *
 * <p>Structs become objects, binary becomes hex digits, and what JSON has no type for (decimals,
 * dates, timestamps) becomes its text.
 */
final class PlainValues {
  private PlainValues() {}

  static List<Object> cells(Row row) {
    List<Object> cells = new ArrayList<>();
    for (int i = 0; i < row.length(); i++) {
      cells.add(plain(row.get(i)));
    }
    return cells;
  }

  private static Object plain(Object value) {
    if (value instanceof Row row) {
      return struct(row);
    }
    if (value instanceof scala.collection.Seq<?> values) {
      List<Object> items = new ArrayList<>();
      JavaConverters.seqAsJavaList(values).forEach(item -> items.add(plain(item)));
      return items;
    }
    if (value instanceof scala.collection.Map<?, ?> values) {
      Map<String, Object> entries = new LinkedHashMap<>();
      JavaConverters.mapAsJavaMap(values).forEach((k, v) -> entries.put(text(k), plain(v)));
      return entries;
    }
    return scalar(value);
  }

  private static Map<String, Object> struct(Row row) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < row.length(); i++) {
      fields.put(row.schema().fieldNames()[i], plain(row.get(i)));
    }
    return fields;
  }

  private static Object scalar(Object value) {
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    boolean json =
        value == null
            || value instanceof Boolean
            || value instanceof Byte
            || value instanceof Short
            || value instanceof Integer
            || value instanceof Long
            || value instanceof Float
            || value instanceof Double;
    return json ? value : value.toString();
  }

  private static String text(Object key) {
    return String.valueOf(plain(key));
  }
}
