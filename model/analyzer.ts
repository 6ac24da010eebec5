// The shape of every judge: a fold with a merge.

import type { Entry } from './entry.ts';
import type { Finding } from './measure.ts';
import type { Setup } from './setup.ts';

/** Plain JSON: what survives a worker boundary, a network and a disk. */
export type Encoded = string | number | boolean | null | readonly Encoded[] | { readonly [key: string]: Encoded };

/**
 * Step counts, merge adds, finish judges. Laws (`analysis/laws.ts`):
 * - a history cut anywhere in time, its state encoded and decoded at the cut, gives what the whole gives;
 * - merge is associative, `init` is its identity, and shards of users (each with all marks) merge in any order;
 * - decode(encode(state)) finishes as state does;
 * - without exchanges no measure has a value that could pass a threshold.
 * State is bounded by users plus seconds times backends, never by requests.
 */
export interface Analyzer<State> {
  readonly name: string;
  init(setup: Setup): State;
  /** Takes entries in the order of `instant`. May change `state` in place. */
  step(state: State, entry: Entry): void;
  /** Adds `from`, the state of other users over the same time, into `into`. */
  merge(into: State, from: State): void;
  finish(state: State): Finding;
  encode(state: State): Encoded;
  decode(setup: Setup, encoded: Encoded): State;
}
