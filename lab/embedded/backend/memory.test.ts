import { describe, expect, it } from 'vitest';
import { memorySessions } from './memory.ts';

function memoryAt(timeout = 100) {
  let now = 0;
  let count = 0;
  const memory = memorySessions({
    timeout,
    clock: () => now,
    newId: () => {
      count += 1;
      return `id${count}.a`;
    },
  });
  return { ...memory, wait: (milliseconds: number) => (now += milliseconds) };
}

describe('sessions in memory', () => {
  it('expire when they were idle for the timeout, counted from the end of the last request', async () => {
    const { manager, wait } = memoryAt();
    const first = manager();
    first.create();
    wait(90);
    await first.end();
    wait(99);
    const second = manager();
    expect((await second.find(['id1.a']))?.id).toBe('id1.a');
    await second.end();
    wait(100);
    expect(await manager().find(['id1.a'])).toBe(null);
  });

  it('are one object for all requests', async () => {
    const { manager } = memoryAt();
    const session = manager().create();
    const [one, other] = [await manager().find([session.id]), await manager().find([session.id])];
    if (one !== null) one.attributes['n'] = 1;
    expect(other?.attributes).toEqual({ n: 1 });
  });

  it('take the first known id of several', async () => {
    const { manager } = memoryAt();
    manager().create();
    manager().create();
    expect((await manager().find(['x', 'id2.a', 'id1.a']))?.id).toBe('id2.a');
  });

  it('change their id at once, for every request', async () => {
    const { manager } = memoryAt();
    const request = manager();
    const session = request.create();
    request.rotate(session);
    expect([session.id, await manager().find(['id1.a']), (await manager().find(['id2.a'])) === session]).toEqual(['id2.a', null, true]);
  });

  it('are forgotten by a purge only when they have expired', async () => {
    const { manager, purge, wait } = memoryAt();
    manager().create();
    wait(60);
    manager().create();
    wait(40);
    purge();
    expect([await manager().find(['id1.a']), (await manager().find(['id2.a']))?.id]).toEqual([null, 'id2.a']);
  });

  it('never expire without a timeout', async () => {
    const { manager, wait } = memoryAt(0);
    manager().create();
    wait(1e12);
    expect((await manager().find(['id1.a']))?.id).toBe('id1.a');
  });
});
