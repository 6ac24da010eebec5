import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { type RunRecord, readRecord } from './read-record.ts';

const writer = fileURLToPath(new URL('../../dist/results/record/write-record.js', import.meta.url));

/** Exchange n of user n mod 10 with counter n, and a pulse after each hundred. `then` is what the program does after each pulse. */
const program = (then: string) => `
  import { createRecord } from ${JSON.stringify(writer)};
  const record = createRecord(process.argv[1], { kind: 'run', identity: {}, setup: {}, thresholds: [] }, 1);
  let n = 0;
  const timer = setInterval(() => {
    for (let i = 0; i < 100; i++, n++)
      record.entry({ kind: 'exchange', user: n % 10, seq: 0, due: n, asked: n, sent: n, done: n, phase: 'p', egress: 'e', method: 'GET', name: 'n',
        op: 'read', key: 'k', session: null, outcome: { kind: 'answered', status: 200, met: true, backend: 'b', path: [], set: null,
        deleted: false, effective: null, created: false, owner: null, counter: n } });
    record.entry({ kind: 'pulse', worker: 0, at: n, users: 10, inFlight: 0, unstarted: 0, utilisation: 0 });
    ${then}
  }, 1);
`;

async function counters(record: RunRecord): Promise<number[]> {
  const list: number[] = [];
  for await (const entry of record.entries)
    if (entry.kind === 'exchange' && entry.outcome.kind === 'answered') list.push(entry.outcome.counter ?? -1);
  return list;
}

it('a record whose writer was killed gives what was committed, whole and in order, and says that it was cut', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stickybench-killed-'));
  const child = spawn(process.execPath, ['--input-type=module', '-e', program(''), folder], { stdio: 'inherit' });
  try {
    const until = Date.now() + 60_000;
    let seen = 0;
    while (seen < 2_000 && Date.now() < until) {
      await pause(100);
      seen = await readRecord(folder).then(
        async (record) => (await counters(record)).length,
        () => 0,
      );
    }
    child.kill('SIGKILL');
    await once(child, 'exit');
    const record = await readRecord(folder);
    expect(record.footer).toBe(null);
    const list = await counters(record);
    expect(list.length).toBeGreaterThanOrEqual(2_000);
    expect(list).toEqual(Array.from(list, (_, place) => place));
  } finally {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  }
});

it('a record that may not grow says that it cannot be written, and gives what was committed before', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stickybench-full-'));
  const source = program(`
    if (record.failure === null) return;
    clearInterval(timer);
    record.close({ kind: 'end', at: n, ended: 'finished' }).catch((error) => console.log(error.code, error.message));
  `);
  // The shell's limit counts in blocks of 512 or 1,024 bytes: after some ten thousand exchanges writing fails with EFBIG.
  const limited = ['-c', 'ulimit -f 150; exec "$@"', 'sh', process.execPath, '--input-type=module', '-e', source, folder];
  const child = spawn('sh', limited, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    let told = '';
    child.stdout.on('data', (text) => {
      told += text;
    });
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(told.replace(folder, 'RUN')).toBe('OUTPUT_UNWRITABLE The record in RUN cannot be written: EFBIG: file too large, write\n');
    const record = await readRecord(folder);
    expect(record.footer).toBe(null);
    const list = await counters(record);
    expect(list).toEqual(Array.from(list, (_, place) => place));
  } finally {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  }
});
