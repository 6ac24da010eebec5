import { describe, expect, it } from 'vitest';
import { readOptions } from './options.ts';

const read = (...args: string[]) => readOptions(args);

describe('readOptions', () => {
  it('publishes whole comparisons only', () => {
    const folders = [read(), read('--quick'), read('--sections', 'https'), read('--without', 'artillery'), read('--rows', 'wrk')];
    expect(folders.map((options) => options?.out.split('/').slice(-2).join('/'))).toEqual([
      'results/reference',
      ...Array<string>(4).fill('.cache/bench-results'),
    ]);
    expect(read('--quick', '--out', '/tmp/here')?.out).toBe('/tmp/here');
  });

  it('takes sections by key, memory among them', () => {
    const chosen = read('--sections', 'memory,https');
    expect(chosen && { keys: chosen.sections.map(({ key }) => key), memory: chosen.memory }).toEqual({ keys: ['https'], memory: true });
    expect(() => read('--sections', 'htps')).toThrow('no section htps');
  });

  it('refuses numbers that are none', () => {
    expect(() => read('--rounds', 'many')).toThrow('--rounds is a number above 0; got many');
    expect(() => read('--fast')).toThrow("Unknown option '--fast'");
  });

  it('is null when help is asked for', () => {
    expect(read('--help')).toBe(null);
  });
});
