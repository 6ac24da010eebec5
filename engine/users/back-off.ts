// How long a user holds back from a target that gives him nothing, so that a dead one is not hammered.

import type { LostReason, RefusedReason } from '../../model/entry.ts';
import { MILLISECOND, type Micros, SECOND } from '../../model/units.ts';

const FIRST_PAUSE: Micros = 100 * MILLISECOND;
const LONGEST_PAUSE: Micros = SECOND;

/** Whether the request was turned away: refused, or its connection ended without a byte of an answer. */
export function turnedAway(reason: RefusedReason | LostReason): boolean {
  return reason !== 'timeout' && reason !== 'cut' && reason !== 'malformed' && reason !== 'oversized';
}

/**
 * The pause after a user's requests were turned away `times` times in a row, this one included: 100 ms after the first, doubling up to a
 * second. A single loss with the connection calls for none, because a server may end a kept-alive connection just as a request goes out on it
 * (RFC 9112 9.5); from the second on the pauses are those after refusals.
 */
export function pauseAfter(reason: RefusedReason | LostReason, times: number): Micros {
  const hungUp = reason === 'dropped' || reason === 'closed' || reason === 'reset';
  if (hungUp && times < 2) return 0;
  return Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (times - (hungUp ? 2 : 1)));
}
