// A seeded permutation that answers for one place at a time and remembers nothing.

import { scramble } from './random.ts';

const ROUNDS = 6;

/**
 * Where `place` of 0 .. size - 1 goes. A balanced Feistel network over the smallest power of four that holds `size`, walked along its cycle
 * until it falls inside (Black and Rogaway 2002, "cycle walking"): on average fewer than four steps. `size` is at most 2^32.
 */
export function permute(place: number, size: number, seed: number): number {
  if (size <= 1) return 0;
  const half = Math.max(1, Math.ceil(Math.log2(size) / 2));
  let walked = place;
  do walked = feistel(walked, half, seed);
  while (walked >= size);
  return walked;
}

function feistel(value: number, half: number, seed: number): number {
  const width = 2 ** half;
  let left = Math.floor(value / width);
  let right = value % width;
  for (let round = 0; round < ROUNDS; round += 1) {
    const mixed = scramble(scramble(right ^ scramble(seed + round)) ^ (seed >>> 16)) >>> 0;
    [left, right] = [right, (left ^ (mixed % width)) % width];
  }
  return left * width + right;
}
