import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLedger, sweep } from './ledger.ts';
import { inspect, pidWorld } from './proc.ts';

let root: string;
let bystander: ReturnType<typeof spawn>;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stickybench-test-'));
  bystander = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
});
afterEach(() => {
  bystander.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

/** A folder as a dead stickybench leaves it. */
function leave(world: string, children: Readonly<Record<number, string>>, owner = { pid: process.pid, start: 'another' }): string {
  const folder = join(root, '1-left');
  mkdirSync(join(folder, 'children'), { recursive: true });
  writeFileSync(join(folder, 'owner.json'), JSON.stringify({ ...owner, world }));
  for (const [pid, start] of Object.entries(children)) writeFileSync(join(folder, 'children', pid), start);
  return folder;
}

describe('sweep', () => {
  it('kills what a dead owner wrote down', async () => {
    const pid = bystander.pid ?? 0;
    const folder = leave(pidWorld(), { [pid]: inspect(pid)?.start ?? '' });
    expect(sweep(root)).toEqual([pid]);
    expect(existsSync(folder)).toBe(false);
    await expect.poll(() => inspect(pid), { timeout: 10_000 }).toBe(null);
  });

  it('spares a process that got the pid of a dead one', () => {
    const pid = bystander.pid ?? 0;
    const folder = leave(pidWorld(), { [pid]: '1' });
    expect(sweep(root)).toEqual([]);
    expect(inspect(pid)?.pid).toBe(pid);
    expect(existsSync(folder)).toBe(false);
  });

  it('only removes files after a reboot, because pids mean something else now', () => {
    const pid = bystander.pid ?? 0;
    const folder = leave('another-boot pid:[1]', { [pid]: inspect(pid)?.start ?? '' });
    expect(sweep(root)).toEqual([]);
    expect(inspect(pid)?.pid).toBe(pid);
    expect(existsSync(folder)).toBe(false);
  });

  it('leaves alone what belongs to another pid namespace', () => {
    const folder = leave(`${pidWorld().split(' ')[0]} pid:[1]`, {});
    expect(sweep(root)).toEqual([]);
    expect(existsSync(folder)).toBe(true);
  });

  it('takes any process with the pid of an owner for him where nobody knows when he started', async () => {
    const pid = bystander.pid ?? 0;
    const folder = leave(pidWorld(), {}, { pid, start: '' });
    expect([sweep(root), existsSync(folder)]).toEqual([[], true]);
    bystander.kill('SIGKILL');
    await new Promise((resolve) => bystander.once('exit', resolve));
    expect([sweep(root), existsSync(folder)]).toEqual([[], false]);
  });

  it('goes by the pid in the name of a folder that nobody has signed', async () => {
    const pid = bystander.pid ?? 0;
    const [folder, foreign] = [join(root, `${pid}-unsigned`), join(root, 'notes')];
    mkdirSync(join(folder, 'children'), { recursive: true });
    mkdirSync(foreign);
    expect([sweep(root), existsSync(folder)]).toEqual([[], true]);
    bystander.kill('SIGKILL');
    await new Promise((resolve) => bystander.once('exit', resolve));
    expect([sweep(root), existsSync(folder), existsSync(foreign)]).toEqual([[], false, true]);
  });

  it('passes over what another start has swept already', () => {
    const folder = leave(pidWorld(), {});
    // Listed, but gone when it is read: as between two sweeps at one time.
    symlinkSync(join(root, 'gone'), join(folder, 'children', '1'));
    expect([sweep(root), existsSync(folder)]).toEqual([[], false]);
  });

  it('leaves alone what belongs to us', () => {
    const ledger = openLedger(root);
    expect(sweep(root)).toEqual([]);
    expect(existsSync(ledger.folder)).toBe(true);
    ledger.remove();
    expect(existsSync(ledger.folder)).toBe(false);
  });
});
