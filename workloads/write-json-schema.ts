// A script: writes workload.schema.json anew. Run it after a change of the schema: `npm run schema`.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './bundled.ts';
import { workloadJsonSchema } from './json-schema.ts';

writeFileSync(join(packageRoot(), 'workloads', 'workload.schema.json'), `${JSON.stringify(workloadJsonSchema(), null, 2)}\n`);
