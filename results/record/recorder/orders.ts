// What the recorder's thread is told, and what it tells.

import type { RunFooter } from '../../../model/record.ts';
import type { Batch } from '../batch.ts';

export type Order =
  | { readonly kind: 'batch'; readonly source: number; readonly batch: Batch }
  | { readonly kind: 'end'; readonly source: number }
  | { readonly kind: 'close'; readonly footer: RunFooter | null };

export type Answer =
  /** It runs, and can take batches without delay. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'closed' }
  /** `disk`: it was the disk that said no, and not a bug. Nothing is written after that. */
  | { readonly kind: 'failed'; readonly disk: boolean; readonly message: string; readonly stack: string };

/** What the thread starts with. */
export interface Place {
  readonly folder: string;
  readonly sources: number;
  /** One 32-bit number that both threads see: exchanges the recorder has received, modulo 2^32. */
  readonly received: SharedArrayBuffer;
}
