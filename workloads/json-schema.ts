// The workload file described for editors, as JSON Schema.

import { z } from 'zod';
import { fileShape } from './blocks/schema.ts';

/** JSON Schema (draft 2020-12) of a workload file. What one part of a file says about another is beyond it: `stickybench check` knows that. */
export function workloadJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(fileShape, { io: 'input', unrepresentable: 'any' });
  return { $schema, title: 'stickybench workload', description: 'What to simulate: stickybench run FILE.', ...schema };
}
