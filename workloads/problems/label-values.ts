// The values that a label in a threshold may have.

import { CAUSES } from '../../model/cause.ts';

/** What the file itself names; null where it does not say it soundly, or leaves it to the run. */
export interface KnownNames {
  readonly phases: readonly string[] | null;
  readonly backends: readonly string[] | null;
  readonly faults: number;
}

/** The values that make sense for a label, or null when any may. */
export function labelValues(label: string, names: KnownNames): readonly string[] | null {
  switch (label) {
    case 'phase':
      return names.phases;
    case 'backend':
      return names.backends;
    case 'fault':
      return Array.from({ length: names.faults }, (_, index) => String(index));
    case 'cause':
      return CAUSES;
    case 'key':
      return ['same', 'changed'];
    case 'group':
      return ['hurt', 'control'];
    case 'by':
      return ['requests', 'users'];
    case 'window':
      return ['before', 'during', 'after', 'whole'];
    default:
      return null;
  }
}
