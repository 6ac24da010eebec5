import { describe, expect, it } from 'vitest';
import { machineTimes, processStat, residentMemory } from './proc-text.ts';

describe('processStat', () => {
  const times = (name: string) => `4242 (${name}) S 17 4242 4242 0 -1 4194304 100 200 0 0 150 50 30 20 20 0 8 0 999 1 2 3`;

  it('adds the times of the process and of its ended children, in seconds', () => {
    expect(processStat(times('node'))).toEqual({ parent: 17, cpu: 2.5 });
  });

  it('is not led astray by a name with spaces and parentheses', () => {
    expect(processStat(times('a (b) c) 1 2'))).toEqual({ parent: 17, cpu: 2.5 });
  });

  it('refuses what is no such text', () => {
    expect(() => processStat('4242 (node) S 17')).toThrow('not the text of /proc/PID/stat');
  });
});

describe('residentMemory', () => {
  it('reads the memory of now and the most it was, in bytes', () => {
    expect(residentMemory('Name:\tnode\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\nThreads:\t7\n')).toEqual({
      now: 1_048_576,
      peak: 2_097_152,
    });
  });

  it('is null for a process that has ended', () => {
    expect(residentMemory('Name:\tnode\nState:\tZ (zombie)\n')).toBe(null);
  });
});

describe('machineTimes', () => {
  it('adds the work of all processors, without idle and waiting time', () => {
    expect(machineTimes('cpu  100 200 300 9999 9999 400 500 60 70 80\ncpu0 1 1 1 1 1 1 1 1 1 1\n')).toEqual({ busy: 15, stolen: 0.6 });
  });

  it('refuses what is no such text', () => {
    expect(() => machineTimes('')).toThrow('not the text of /proc/stat');
  });
});
