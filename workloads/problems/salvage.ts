// Reading what can be read of a mapping that has mistakes in it.

import type { z } from 'zod';
import { isMapping } from '../values/shapes.ts';

export interface Salvage<Draft> {
  readonly draft: Draft;
  /** Keys that could not be read, and are left out of the draft. */
  readonly broken: readonly string[];
}

/** Reads a mapping whose keys may all be left out. Null when it is no mapping at all, or cannot be read even without its broken keys. */
export function salvage<Shape extends z.ZodType>(shape: Shape, value: unknown): Salvage<z.output<Shape>> | null {
  if (!isMapping(value)) return null;
  const whole = shape.safeParse(value);
  if (whole.success) return { draft: whole.data, broken: [] };
  const broken = [...new Set(whole.error.issues.map(({ path }) => String(path[0])))];
  const rest = shape.safeParse(Object.fromEntries(Object.entries(value).filter(([key]) => !broken.includes(key))));
  return rest.success ? { draft: rest.data, broken } : null;
}

/** The value of a part that has no mistake in it, else null. */
export function sound<Shape extends z.ZodType>(shape: Shape, value: unknown): z.output<Shape> | null {
  const outcome = shape.safeParse(value);
  return outcome.success ? outcome.data : null;
}
