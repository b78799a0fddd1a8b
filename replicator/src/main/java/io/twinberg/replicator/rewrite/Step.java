package io.twinberg.replicator.rewrite;

/**
 * One compiled piece of a writer schema: how to walk over a value of that piece.
 *
 * <p>Every step that takes part in a walk consumes at least one byte, so that no schema and no
 * count makes a walk longer than its block; schemas of no bytes at all compile to {@link #NOTHING}
 * and are left out of their surroundings. Heights are bounded by the compiler, so a walk cannot
 * exhaust the stack.
 */
abstract class Step {

  /** A value without any bytes: null, an empty record, a fixed of size zero. */
  static final Step NOTHING =
      new Step(0, 0) {
        @Override
        void walk(Cursor cursor) {}
      };

  static final Step INT = new Varint(5);
  static final Step LONG = new Varint(10);
  static final Step FLOAT = new Fixed(4);
  static final Step DOUBLE = new Fixed(8);
  static final Step BOOLEAN = new Bool();
  static final Step COUNTED = new Counted();

  private static final int SATURATED = 1 << 20;

  /** The fewest bytes of such a value (a lower bound for very large ones). */
  final int minimumSize;

  /** How deep the steps are nested. */
  final int height;

  Step(int minimumSize, int height) {
    this.minimumSize = Math.min(minimumSize, SATURATED);
    this.height = height;
  }

  abstract void walk(Cursor cursor);

  /** An int or long that nobody looks at. */
  private static final class Varint extends Step {
    private final int maxBytes;

    Varint(int maxBytes) {
      super(1, 1);
      this.maxBytes = maxBytes;
    }

    @Override
    void walk(Cursor cursor) {
      cursor.skipNumber(maxBytes);
    }
  }

  /** A value of known size. */
  static final class Fixed extends Step {
    private final int size;

    Fixed(int size) {
      super(size, 1);
      this.size = size;
    }

    @Override
    void walk(Cursor cursor) {
      cursor.skip(size);
    }
  }

  /** A string or bytes: a length, then so many bytes. */
  private static final class Counted extends Step {
    Counted() {
      super(1, 1);
    }

    @Override
    void walk(Cursor cursor) {
      int length = cursor.readLength();
      cursor.position += length;
    }
  }

  /** A boolean: one byte, zero or one. */
  private static final class Bool extends Step {
    Bool() {
      super(1, 1);
    }

    @Override
    void walk(Cursor cursor) {
      cursor.skip(1);
      byte value = cursor.buffer[cursor.position - 1];
      if (value != 0 && value != 1) {
        throw cursor.corrupt("boolean of value " + value);
      }
    }
  }

  /** An enum: the number of a symbol. */
  static final class Symbol extends Step {
    private final int symbols;

    Symbol(int symbols) {
      super(1, 1);
      this.symbols = symbols;
    }

    @Override
    void walk(Cursor cursor) {
      long symbol = cursor.readNumber();
      if (symbol < 0 || symbol >= symbols) {
        throw cursor.corrupt("enum symbol " + symbol + " of " + symbols);
      }
    }
  }

  /** A number that is noted in a slot. */
  static final class KeptNumber extends Step {
    private final int slot;

    KeptNumber(int slot) {
      super(1, 1);
      this.slot = slot;
    }

    @Override
    void walk(Cursor cursor) {
      cursor.keepNumber(slot);
    }
  }

  /** Length-prefixed bytes that are noted in a slot. */
  static final class KeptCounted extends Step {
    private final int slot;

    KeptCounted(int slot) {
      super(1, 1);
      this.slot = slot;
    }

    @Override
    void walk(Cursor cursor) {
      cursor.keepCounted(slot);
    }
  }

  /** An array that somebody may want to take out. */
  static final class KeptArray extends Step {
    private final Step array;
    private final int slot;

    KeptArray(Step array, int slot) {
      super(array.minimumSize, array.height + 1);
      this.array = array;
      this.slot = slot;
    }

    @Override
    void walk(Cursor cursor) {
      int start = cursor.position;
      array.walk(cursor);
      // An array of no blocks is written as the count zero.
      cursor.keepSpan(slot, start, 0);
    }
  }

  /** A union of null and an array that somebody may want to be null. */
  static final class KeptOption extends Step {
    private final Step option;
    private final int slot;
    private final int nullBranch;

    KeptOption(Step option, int slot, int nullBranch) {
      super(option.minimumSize, option.height + 1);
      this.option = option;
      this.slot = slot;
      this.nullBranch = nullBranch;
    }

    @Override
    void walk(Cursor cursor) {
      int start = cursor.position;
      option.walk(cursor);
      cursor.keepSpan(slot, start, nullBranch);
    }
  }

  /** The fields of a record, one after the other. */
  static final class Sequence extends Step {
    final Step[] fields;

    Sequence(Step[] fields, int minimumSize, int height) {
      super(minimumSize, height);
      this.fields = fields;
    }

    @Override
    void walk(Cursor cursor) {
      for (Step field : fields) {
        field.walk(cursor);
      }
    }
  }

  /** A union: the branch's number, then its value. */
  static final class Choice extends Step {
    private final Step[] branches;

    Choice(Step[] branches, int height) {
      super(1, height);
      this.branches = branches;
    }

    @Override
    void walk(Cursor cursor) {
      long branch = cursor.readNumber();
      if (branch < 0 || branch >= branches.length) {
        throw cursor.corrupt("union branch " + branch + " of " + branches.length);
      }
      branches[(int) branch].walk(cursor);
    }
  }
}
