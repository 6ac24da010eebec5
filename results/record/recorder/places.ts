// Where each row's value stands in its column's dictionary, found once for all rows that share it.

/** Places of the values of a column: all rows have the same one, -1 for null, or each its own. */
export type Places =
  | { readonly rows: number; readonly same: number }
  | {
      readonly rows: number;
      readonly same: null;
      /** Of the rows that are not null. Holds until places are looked for again: the space is used anew. */
      readonly of: Int32Array;
      /** By row 1, or 0 for null; null when no row is. */
      readonly present: number[] | null;
    };

export interface Dictionary {
  /** Each value once: the number of a text, or a number. */
  readonly entries: number[];
  /** Where each value stands among the entries, -1 for null. */
  readonly place: Int32Array;
}

/** The dictionary of values that are -1, for null, or not negative. */
export function dictionaryOf(values: ArrayLike<number>): Dictionary {
  const entries: number[] = [];
  const place = new Int32Array(values.length);
  let largest = 0;
  for (let at = 0; at < values.length; at++) largest = Math.max(largest, values[at] as number);
  const known = new Int32Array(largest + 1).fill(-1);
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    if (value >= 0 && known[value] === -1) known[value] = entries.push(value) - 1;
    place[at] = value < 0 ? -1 : (known[value] as number);
  }
  return { entries, place };
}

let space = new Int32Array(1 << 16);

/** The places of the rows: `of` says by row which title, bearer or ending it has, `place` where the value of that stands. */
export function placesOf(of: Int32Array, place: ArrayLike<number>): Places {
  const rows = of.length;
  const same = onlyOne(place);
  if (same !== null) return { rows, same };
  if (space.length < rows) space = new Int32Array(rows);
  for (let row = 0; row < rows; row++) space[row] = place[of[row] as number] as number;
  return withoutNulls(space.subarray(0, rows));
}

/** Leaves nulls out. Changes the array given. */
export function withoutNulls(places: Int32Array): Places {
  const rows = places.length;
  const same = onlyOne(places);
  if (same !== null) return { rows, same };
  const first = places.indexOf(-1);
  if (first < 0) return { rows, same, of: places, present: null };
  const present = new Array<number>(rows).fill(1);
  let count = first;
  for (let row = first; row < rows; row++) {
    const place = places[row] as number;
    if (place < 0) present[row] = 0;
    else places[count++] = place;
  }
  return { rows, same, of: places.subarray(0, count), present };
}

/** The value that all have; null when they differ. */
function onlyOne(values: ArrayLike<number>): number | null {
  const first = values[0] as number;
  for (let at = 1; at < values.length; at++) if (values[at] !== first) return null;
  return first;
}
