// A condition on a measure, as the workload states it.

import type { MeasureName } from './catalogue.ts';

/** `p`: quantile of a distribution, between 0 and 1. `value`, `count`, `rate` all read the measure's value; the word is for the reader. */
export type Aggregate =
  | { readonly kind: 'value' | 'count' | 'rate' | 'min' | 'mean' | 'max' }
  | { readonly kind: 'p'; readonly quantile: number };

export type Comparison = '<' | '<=' | '>' | '>=' | '==' | '!=';

export interface Threshold {
  readonly measure: MeasureName;
  /** Labels that must match: `{cause: 'spurious'}`. */
  readonly labels: Readonly<Record<string, string>>;
  readonly aggregate: Aggregate;
  readonly comparison: Comparison;
  /** In the measure's unit; times in microseconds, rates as fractions. */
  readonly limit: number;
  /** As written: `session.lost{cause:spurious}: count==0`. */
  readonly text: string;
}
