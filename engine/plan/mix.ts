// Splits users over weighted alternatives, so that any run of users comes out close to the weights.

import { scramble } from './random.ts';

/**
 * The two steps of the R2 sequence (Martin Roberts, 2018: powers of the plastic number), which fills the unit square evenly:
 * a user's egress share and his scenario are each in proportion, and independent of each other.
 */
const STEPS = { egress: 0.754_877_666_246_692_7, scenario: 0.569_840_290_998_053_2 } as const;

/**
 * Index of the alternative that a user gets. Depends on the user's number and the seed alone; among n users each alternative is taken
 * about n x weight / sum times, off by O(log n) and not by the square root of n as independent draws would be.
 */
export function share(weights: readonly number[], seed: number, user: number, of: keyof typeof STEPS): number {
  const start = (scramble(seed ^ (of === 'egress' ? 0x51ed : 0x7a3c)) >>> 0) / 0x1_0000_0000;
  return weighted(weights, (start + user * STEPS[of]) % 1);
}

/** Index of the alternative under a point of [0, 1) when the alternatives are laid side by side, as wide as their weights. */
export function weighted(weights: readonly number[], point: number): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let left = point * total;
  for (let index = 0; index < weights.length - 1; index += 1) {
    left -= weights[index] ?? 0;
    if (left < 0) return index;
  }
  return weights.length - 1;
}
