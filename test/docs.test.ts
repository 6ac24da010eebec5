import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../model/catalogue.ts';
import { ERRORS } from '../model/errors.ts';
import type { DoubtCode } from '../model/measure.ts';

const doc = (name: string) => readFileSync(new URL(`../docs/${name}`, import.meta.url), 'utf8');

describe('docs/results.md', () => {
  const text = doc('results.md');

  it('explains every measure and its labels, and no other', () => {
    const rows = [...text.matchAll(/^\| `([a-z]+\.[a-z_]+)` \|(.*?)\| /gm)];
    const told: Record<string, (string | undefined)[]> = Object.fromEntries(
      rows.map(([, name, labels]) => [name, [...(labels ?? '').matchAll(/`([a-z]+)`/g)].map(([, label]) => label)]),
    );
    const known = Object.entries(CATALOGUE).map(([name, { labels }]) => [name, [...labels].sort()]);
    expect(
      Object.entries(told)
        .map(([name, labels]) => [name, labels.sort()])
        .sort(),
    ).toEqual(known.sort());
  });

  it('lists every doubt, and no other', () => {
    const codes: Record<DoubtCode, true> = {
      'no-requests': true,
      'no-thresholds': true,
      'late-sends': true,
      unstarted: true,
      saturated: true,
      'few-samples': true,
      'no-backend': true,
      'no-session': true,
      'fault-failed': true,
      interrupted: true,
      'lab-died': true,
      'worker-lost': true,
      'incomplete-record': true,
    };
    const doubts = text.slice(text.indexOf('## Doubts'));
    expect([...doubts.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, code]) => code).sort()).toEqual(Object.keys(codes).sort());
  });
});

describe('docs/errors.md', () => {
  it('lists every error with its meaning and remedy, and no other', () => {
    const rows = [...doc('errors.md').matchAll(/^\| `([A-Z_]+)` \| (.*) \| (.*) \|$/gm)].map(([, code, meaning, remedy]) => [
      code,
      meaning,
      remedy,
    ]);
    expect(rows).toEqual(Object.entries(ERRORS).map(([code, { meaning, remedy }]) => [code, meaning, remedy]));
  });
});
