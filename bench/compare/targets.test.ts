import { describe, expect, it } from 'vitest';
import { DOCUMENT } from './fixtures/document.ts';
import { judge, targetLine } from './targets.ts';

describe('judge', () => {
  it('says of each target whether it was met, missed or not measured', () => {
    expect(judge(DOCUMENT).map(targetLine)).toEqual([
      'record off, 64 connections: target <= 1.30x wrk: 1.32x wrk (missed)',
      'everything on, 64 connections: target <= 1.50x wrk: 1.55x wrk (missed)',
      'record off, 64 connections: target <= 1.00x wrk + Lua: 0.97x wrk + Lua (met)',
      'everything on, 64 connections: target <= 0.87x autocannon: 0.78x autocannon (met)',
      'everything on, 64 connections: target <= 0.47x autocannon with hooks: not measured',
      'everything on, 1,000 connections: target <= 1.80x wrk: not measured',
      'login storm, everything on: target <= 25.00 µs: not measured',
      '1,000,000 idle users with a cookie each: target <= 1.50 GB: 0.90 GB (met)',
    ]);
  });

  it('meets a limit that is hit exactly', () => {
    const value = { what: 'it', limit: 1.5, unit: 'x wrk', value: 1.5, met: true };
    expect(targetLine(value)).toBe('it: target <= 1.50x wrk: 1.50x wrk (met)');
  });
});
