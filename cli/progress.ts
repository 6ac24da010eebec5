// temporary
import type { Fold } from '../analysis/all.ts';
import type { Live } from '../engine/world.ts';
import { say } from './say.ts';

export function showProgress(live: Live, _judged: Fold): () => void {
  const timer = setInterval(() => say(`${live.now} ${live.phase} ${live.users} ${live.inFlight}`), 5000);
  return () => clearInterval(timer);
}
