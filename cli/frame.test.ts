import { expect, it } from 'vitest';
import { ALONE } from '../model/shard.ts';
import { parseWorkload } from '../workloads/parse-workload.ts';
import { headerOf } from './frame.ts';
import type { Ground } from './ground.ts';

const URL = 'https://joe:SECRET@host.example:8443/app?api_key=SECRET';

const ground: Ground = {
  kind: 'own',
  reason: 'the workload names a target',
  url: URL,
  plainUrl: URL,
  identify: { backend: { from: 'none' }, path: null, names: {} },
  injector: { inflict: async () => '', relieve: async () => '' },
  versions: {},
  logs: {},
  died: () => null,
  stop: async () => {},
};

it('keeps the password of the target out of the header of the record', () => {
  const parsed = parseWorkload(`target: ${URL}\nphases: [{ duration: 1s }]\nflow: [{ get: / }]\n`, 'own.yml', () => '');
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  const header = headerOf(parsed.workload, ground, {
    startedAt: '2026-01-02T03:04:05.000Z',
    versions: {},
    ceiling: null,
    workforce: ALONE,
  });
  expect(header.identity.target).toBe('https://***@host.example:8443/app?api_key=***');
  expect(JSON.stringify(header)).not.toContain('SECRET');
});
