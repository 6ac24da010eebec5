import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { bundledWorkloads, packageRoot } from './bundled.ts';
import { workloadJsonSchema } from './json-schema.ts';

const schema = workloadJsonSchema();

describe('the published JSON Schema', () => {
  it('is what the code says (if not: npm run schema)', () => {
    const published: unknown = JSON.parse(readFileSync(join(packageRoot(), 'workloads/workload.schema.json'), 'utf8'));
    expect(published).toEqual(schema);
  });

  it('warns of passwords in commands, which are recorded as written', () => {
    const told = (key: string): unknown => JSON.stringify(schema).match(new RegExp(`"${key}":\\{[^{}]*?"description":"([^"]*)"`))?.[1];
    expect(told('exec')).toBe(
      'A shell command that hurts your own deployment. It is recorded as written: put no password in it, but have it read one.',
    );
  });

  it('accepts every bundled workload, and no mistyped key', () => {
    const reader = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
    for (const { path } of bundledWorkloads()) {
      const workload: unknown = parse(readFileSync(path, 'utf8'));
      expect(reader.safeParse(workload).error?.issues ?? []).toEqual([]);
      expect(reader.safeParse({ ...(workload as object), lab: { strategy: 'ip_hash', prot: 1 } }).success).toBe(false);
    }
  });
});
