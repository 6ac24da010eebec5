// Numbers on their way to a column of 64-bit integers, checked, and counted from the first of them.

/** The numbers of a column that are not null. */
export interface Whole {
  readonly first: number;
  readonly smallest: number;
  readonly largest: number;
  /** Their differences to the first. */
  readonly fromFirst: Int32Array;
  /** The numbers themselves where a difference does not fit into 32 bits (35 minutes of microseconds); else null. */
  readonly wide: BigInt64Array | null;
  /** By place 1, or 0 for null; null when none is. */
  readonly present: number[] | null;
}

/** NaN is null. Throws when a number is not whole, naming the column. */
export function wholeNumbers(values: Float64Array, column: string): Whole {
  const differences = new Int32Array(values.length);
  const first = values.find((value) => !Number.isNaN(value)) ?? 0;
  let [smallest, largest, count, narrow] = [first, first, 0, Number.isSafeInteger(first)];
  for (let place = 0; place < values.length; place++) {
    const value = values[place] as number;
    const difference = value - first;
    const whole = difference | 0;
    differences[count] = whole;
    if (whole === difference) {
      count += 1;
    } else if (!Number.isNaN(value)) {
      narrow = false;
      count += 1;
    }
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
  }
  const fromFirst = differences.subarray(0, count);
  const present = count === values.length ? null : presence(values);
  return { first, smallest, largest, fromFirst, present, wide: narrow ? null : bigIntegers(values, column) };
}

function presence(values: Float64Array): number[] {
  return Array.from(values, (value) => (Number.isNaN(value) ? 0 : 1));
}

function bigIntegers(values: Float64Array, column: string): BigInt64Array {
  const numbers = values.filter((value) => !Number.isNaN(value));
  for (const number of numbers) if (!Number.isSafeInteger(number)) throw new Error(`impossible exchange: ${column} is ${number}`);
  return BigInt64Array.from(numbers, BigInt);
}
