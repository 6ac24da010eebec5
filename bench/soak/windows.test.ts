import { describe, expect, it } from 'vitest';
import { createWindows } from './windows.ts';

describe('createWindows', () => {
  it('puts a request where it was due, whenever it was done', () => {
    const windows = createWindows(30);
    windows.add(0, 2_000);
    windows.add(29_999_999, 40_000_000);
    windows.add(30_000_000, 30_001_500);
    expect(windows.finish()).toEqual([
      { at: 0, requests: 2, p50: 2, p99: 10_000.001 },
      { at: 30, requests: 1, p50: 1.5, p99: 1.5 },
    ]);
  });

  it('has no window where nothing was due', () => {
    const windows = createWindows(1);
    windows.add(2_500_000, 2_600_000);
    expect(windows.finish()).toEqual([{ at: 2, requests: 1, p50: 100, p99: 100 }]);
  });
});
