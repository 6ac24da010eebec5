import { describe, expect, it } from 'vitest';
import type { Workload } from '../../model/workload.ts';
import { parseWorkload } from '../../workloads/parse-workload.ts';
import { type Asked, askedFor, type Circumstances, chooseWorkforce } from './workforce.ts';

const REST = 'phases: [{ duration: 1s }]\nflow: [{ get: / }]\n';

function parsed(text: string): Workload {
  const result = parseWorkload(text + REST, 'mine.yml', () => '');
  if ('problems' in result) throw new Error(JSON.stringify(result.problems));
  return result.workload;
}

const far = parsed('target: https://staging.example.com\nusers: { count: 100 }\n');
const lab = parsed('lab: { strategy: jvm_route }\nusers: { count: 100 }\n');

function choose(asked: Asked, rest: Partial<Circumstances> = {}) {
  const circumstances = { workload: far, url: 'https://staging.example.com', cores: 8, connections: 100, openFiles: 20_000, ...rest };
  const { workforce, why } = chooseWorkforce(asked, circumstances);
  return [workforce.count, workforce.as, why];
}

describe('--workers', () => {
  it('is a number or auto, and nothing else', () => {
    expect(['1', '16', 'auto'].map(askedFor)).toEqual([1, 16, 'auto']);
    for (const wrong of ['0', '-1', '2.5', 'two', '', '257', '1e2']) {
      expect(() => askedFor(wrong)).toThrow(`--workers is a number from 1 to 256, or auto; got ${wrong}.`);
    }
  });

  it('1 is the main thread itself', () => {
    expect(choose(1, { connections: 1_000_000 })).toEqual([1, 'main', 'one worker']);
  });

  it('are threads while one process may open all the connections, and processes beyond', () => {
    expect(choose(3)).toEqual([3, 'threads', '3 worker threads']);
    expect(choose(3, { connections: 19_801 })).toEqual([
      3,
      'processes',
      '3 worker processes: the load may want 19,801 connections, and one process may open 20,000 files',
    ]);
    expect(choose(3, { connections: 1_000_000, openFiles: null })).toEqual([3, 'threads', '3 worker threads']);
  });

  it('auto leaves a core to the main thread, and two more to a target on this machine', () => {
    expect(choose('auto')).toEqual([7, 'threads', '7 worker threads (auto, 8 cores)']);
    expect(choose('auto', { workload: lab, url: 'http://127.0.0.1:1' })[0]).toBe(5);
    for (const url of ['http://localhost:8080', 'http://127.9.9.9', 'http://[::1]:80/x']) expect(choose('auto', { url })[0]).toBe(5);
    expect(choose('auto', { cores: 2 })).toEqual([1, 'main', 'one worker (auto, 2 cores)']);
    expect(choose('auto', { workload: lab, cores: 1 })[0]).toBe(1);
  });

  it('auto takes no more workers than there are users', () => {
    expect(choose('auto', { workload: parsed('target: https://staging.example.com\nusers: { count: 3 }\n') })[0]).toBe(3);
  });
});
