package io.twinberg.replicator.rewrite;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Compiles a writer schema to steps, once per file. Fields are found by Iceberg field id, never by
 * name or position: writers rename and reorder. The schema is untrusted input.
 */
final class SchemaCompiler {

  /** Manifests need about six levels; partition values and unknown fields may add some. */
  private static final int MAX_HEIGHT = 64;

  private static final String FIELD_ID = "field-id";

  /** Unwatched parts by identity: a schema may name one part often, exponentially often in all. */
  private final Map<Schema, Step> compiled = new IdentityHashMap<>();

  private final Set<Schema> underWay = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Integer> found = new HashSet<>();

  private SchemaCompiler() {}

  /** Compiles a file's root record; ids of {@code required} must be among the wanted it has. */
  static Step compile(Schema root, Map<Integer, Wanted> wanted, Set<Integer> required) {
    if (root.getType() != Schema.Type.RECORD) {
      throw new CorruptManifestException("the file holds " + typeOf(root) + " values, not records");
    }
    SchemaCompiler compiler = new SchemaCompiler();
    Step step = compiler.record(root, wanted, 0);
    for (Integer id : required) {
      if (!compiler.found.contains(id)) {
        throw new CorruptManifestException("the schema has no field of id " + id);
      }
    }
    return step;
  }

  private Step record(Schema schema, Map<Integer, Wanted> wanted, int depth) {
    List<Step> steps = new ArrayList<>();
    int minimumSize = 0;
    int height = 0;
    for (Schema.Field field : schema.getFields()) {
      Step step = value(field.schema(), wantedOf(field, wanted), depth + 1);
      if (step != Step.NOTHING) {
        steps.add(step);
        minimumSize = Math.min(1 << 20, minimumSize + step.minimumSize);
        height = Math.max(height, step.height);
      }
    }
    return steps.isEmpty()
        ? Step.NOTHING
        : bounded(new Step.Sequence(steps.toArray(Step[]::new), minimumSize, height + 1));
  }

  private @Nullable Wanted wantedOf(Schema.Field field, Map<Integer, Wanted> wanted) {
    if (wanted.isEmpty() || !(field.getObjectProp(FIELD_ID) instanceof Number id)) {
      return null;
    }
    Wanted match = wanted.get(id.intValue());
    if (match != null && !found.add(id.intValue())) {
      throw new CorruptManifestException("the schema has two fields of id " + id);
    }
    return match;
  }

  private Step value(Schema schema, @Nullable Wanted wanted, int depth) {
    if (depth > MAX_HEIGHT) {
      throw tooDeep();
    }
    if (wanted == null) {
      return unwatched(schema, depth);
    }
    if (wanted instanceof Wanted.Clearable clearable) {
      return clearable(schema, clearable, depth);
    }
    if (schema.getType() == Schema.Type.UNION) {
      return choice(schema, wanted, depth);
    }
    return schema.getType() == Schema.Type.NULL ? Step.NOTHING : watched(schema, wanted, depth);
  }

  private Step watched(Schema schema, Wanted wanted, int depth) {
    if (wanted instanceof Wanted.Number number && isInteger(schema)) {
      return new Step.KeptNumber(number.slot());
    }
    if (wanted instanceof Wanted.Text text && schema.getType() == Schema.Type.STRING) {
      return new Step.KeptCounted(text.slot());
    }
    if (wanted instanceof Wanted.Blob blob && schema.getType() == Schema.Type.BYTES) {
      return new Step.KeptCounted(blob.slot());
    }
    if (wanted instanceof Wanted.Inside inside && schema.getType() == Schema.Type.RECORD) {
      return record(schema, inside.fields(), depth);
    }
    if (wanted instanceof Wanted.Bounds bounds && schema.getType() == Schema.Type.ARRAY) {
      return bounds(schema.getElementType(), bounds, depth);
    }
    throw unexpected(schema, wanted);
  }

  private static UnsupportedManifestException unexpected(Schema schema, Wanted wanted) {
    return new UnsupportedManifestException(
        "the schema has a field of type " + typeOf(schema) + " where it should be " + wanted);
  }

  private static boolean isInteger(Schema schema) {
    return schema.getType() == Schema.Type.INT || schema.getType() == Schema.Type.LONG;
  }

  private Step bounds(Schema item, Wanted.Bounds wanted, int depth) {
    List<Step> steps = new ArrayList<>();
    int key = -1;
    int value = -1;
    int minimumSize = 0;
    int height = 0;
    if (item.getType() == Schema.Type.RECORD) {
      for (Schema.Field field : item.getFields()) {
        if (isOf(field, wanted.keyId()) && isInteger(field.schema())) {
          key = steps.size();
        }
        if (isOf(field, wanted.valueId()) && field.schema().getType() == Schema.Type.BYTES) {
          value = steps.size();
        }
        Step step = unwatched(field.schema(), depth + 1);
        steps.add(step);
        minimumSize = Math.min(1 << 20, minimumSize + step.minimumSize);
        height = Math.max(height, step.height);
      }
    }
    if (key < 0 || value < 0) {
      throw new UnsupportedManifestException(
          "the schema has bounds without a column id of field id %d and bytes of field id %d"
              .formatted(wanted.keyId(), wanted.valueId()));
    }
    Step.Sequence fields =
        new Step.Sequence(steps.toArray(Step[]::new), minimumSize, Math.max(1, height) + 1);
    return bounded(new BoundItems(fields, key, value, wanted.place()));
  }

  private static boolean isOf(Schema.Field field, int id) {
    return field.getObjectProp(FIELD_ID) instanceof Number number && number.intValue() == id;
  }

  private Step clearable(Schema schema, Wanted.Clearable wanted, int depth) {
    if (schema.getType() == Schema.Type.ARRAY) {
      return bounded(new Step.KeptArray(unwatched(schema, depth), wanted.slot()));
    }
    int nullBranch = schema.isUnion() ? schema.getIndexNamed("null") : -1;
    if (nullBranch < 0) {
      throw unexpected(schema, wanted);
    }
    return bounded(new Step.KeptOption(unwatched(schema, depth), wanted.slot(), nullBranch));
  }

  private Step unwatched(Schema schema, int depth) {
    Step known = compiled.get(schema);
    if (known != null) {
      return known;
    }
    if (depth > MAX_HEIGHT) {
      throw tooDeep();
    }
    if (!underWay.add(schema)) {
      throw new UnsupportedManifestException("the schema contains itself: " + typeOf(schema));
    }
    Step step = fresh(schema, depth);
    underWay.remove(schema);
    compiled.put(schema, step);
    return step;
  }

  private Step fresh(Schema schema, int depth) {
    return switch (schema.getType()) {
      case NULL -> Step.NOTHING;
      case BOOLEAN -> Step.BOOLEAN;
      case INT -> Step.INT;
      case LONG -> Step.LONG;
      case FLOAT -> Step.FLOAT;
      case DOUBLE -> Step.DOUBLE;
      case STRING, BYTES -> Step.COUNTED;
      case FIXED -> fixed(schema.getFixedSize());
      case ENUM -> new Step.Symbol(schema.getEnumSymbols().size());
      case ARRAY -> bounded(Items.of(unwatched(schema.getElementType(), depth + 1)));
      case MAP -> bounded(Items.of(mapEntry(unwatched(schema.getValueType(), depth + 1))));
      case RECORD -> record(schema, Map.of(), depth);
      case UNION -> choice(schema, null, depth);
    };
  }

  private static Step fixed(int size) {
    if (size < 0) {
      throw new CorruptManifestException("the schema has a fixed of size " + size);
    }
    return size == 0 ? Step.NOTHING : new Step.Fixed(size);
  }

  private static Step mapEntry(Step value) {
    return new Step.Sequence(
        new Step[] {Step.COUNTED, value}, 1 + value.minimumSize, 1 + Math.max(1, value.height));
  }

  private Step choice(Schema schema, @Nullable Wanted wanted, int depth) {
    List<Step> branches = new ArrayList<>();
    int height = 0;
    for (Schema branch : schema.getTypes()) {
      Step step = value(branch, wanted, depth + 1);
      branches.add(step);
      height = Math.max(height, step.height);
    }
    return bounded(new Step.Choice(branches.toArray(Step[]::new), height + 1));
  }

  private static Step bounded(Step step) {
    if (step.height > MAX_HEIGHT) {
      throw tooDeep();
    }
    return step;
  }

  private static UnsupportedManifestException tooDeep() {
    return new UnsupportedManifestException(
        "the schema is nested deeper than " + MAX_HEIGHT + " levels");
  }

  private static String typeOf(Schema schema) {
    return schema.getType().getName();
  }
}
