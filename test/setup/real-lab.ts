// Tests about the real servers: skipped with a printed reason where these are missing, failed where they must be there.

import { describe, expect, it } from 'vitest';
import { findPrograms } from '../../lab/real/programs.ts';

const search = findPrograms({});
const missing = 'missing' in search ? search.missing.map((one) => one.program).join(', ') : '';

/** `describe` for tests that need nginx, Tomcat, a JDK and Redis. With `CI=true` their absence is a failure. */
export function describeReal(name: string, tests: () => void): void {
  if (missing === '') {
    describe(name, tests);
    return;
  }
  if (process.env['CI'] === 'true') {
    describe(name, () => {
      it('has the servers it needs', () => expect(missing).toBe(''));
    });
    return;
  }
  process.stderr.write(`skipped, because ${missing} is missing: ${name}\n`);
  describe.skip(`${name} (missing: ${missing})`, tests);
}
