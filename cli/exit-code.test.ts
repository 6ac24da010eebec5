import { describe, expect, it } from 'vitest';
import type { Verdict } from '../model/measure.ts';
import type { Report, RunEnd } from '../model/report.ts';
import { exitCode } from './exit-code.ts';

const code = (verdict: Verdict, ended: RunEnd) => exitCode({ verdict, run: { ended } } as Report);

describe('the exit code', () => {
  it('is 0 for pass, 1 for fail and 2 for unknown', () => {
    expect([code('pass', 'finished'), code('fail', 'finished'), code('unknown', 'finished')]).toEqual([0, 1, 2]);
    expect(code('unknown', 'cut')).toBe(2);
  });

  it('is 130 for an interrupted run, whatever it had found', () => {
    expect([code('fail', 'interrupted'), code('unknown', 'interrupted')]).toEqual([130, 130]);
  });
});
