// The plain last line of a test run: `N passed, N failed`.

import type { Reporter, TestModule } from 'vitest/node';

// biome-ignore lint/style/noDefaultExport: vitest loads a reporter by its default export
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const count = { passed: 0, failed: 0, skipped: 0 };
    for (const module of modules) {
      if (module.state() === 'failed' && module.errors().length > 0) count.failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state !== 'pending') count[state] += 1;
      }
    }
    // After the summary, which the default reporter prints in the same turn.
    setImmediate(() => process.stdout.write(closingLine(count)));
  }
}

function closingLine({ passed, failed, skipped }: { passed: number; failed: number; skipped: number }): string {
  return `\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`;
}
