import { describe, expect, it } from 'vitest';
import { type Question, reply } from '../store/protocol.ts';
import { createStore } from '../store/store.ts';
import { sharedSessions } from './shared.ts';

/** Two backends, `a` and `b`, on one store; every question is written down. */
function backends() {
  const store = createStore(() => 0);
  const asked: Question[] = [];
  let count = 0;
  const backend = (route: string) =>
    sharedSessions({
      ask: async (question) => {
        asked.push(question);
        return reply(store, question);
      },
      timeout: 1000,
      newId: () => {
        count += 1;
        return `id${count}.${route}`;
      },
    });
  return { a: backend('a'), b: backend('b'), asked };
}

async function created(manager: ReturnType<typeof backends>['a'], attributes: Record<string, number>): Promise<string> {
  const request = manager();
  const session = request.create();
  Object.assign(session.attributes, attributes);
  await request.end();
  return session.id;
}

describe('sessions in the shared store', () => {
  it('are found by another backend and keep their id, route and all', async () => {
    const { a, b } = backends();
    const id = await created(a, { n: 1 });
    expect(await b().find([id])).toMatchObject({ id: 'id1.a', attributes: { n: 1 } });
  });

  it('are saved when they changed, and only touched when they did not', async () => {
    const { a, b, asked } = backends();
    const id = await created(a, { n: 1 });
    const reader = b();
    await reader.find([id]);
    await reader.end();
    const writer = b();
    const session = await writer.find([id]);
    if (session !== null) session.attributes['n'] = 2;
    await writer.end();
    expect(asked).toEqual([
      ['insert', id, '{"n":1}', 1000],
      ['get', id],
      ['touch', id, 1000],
      ['get', id],
      ['update', id, '{"n":2}', 1000],
    ]);
  });

  it('lose one of two concurrent changes, even of different attributes: the last write wins', async () => {
    const { a, b } = backends();
    const id = await created(a, {});
    const [one, other] = [a(), b()];
    const [mine, yours] = [await one.find([id]), await other.find([id])];
    Object.assign(mine?.attributes ?? {}, { visits: 1 });
    Object.assign(yours?.attributes ?? {}, { cart: 1 });
    await one.end();
    await other.end();
    expect((await a().find([id]))?.attributes).toEqual({ cart: 1 });
  });

  it('keep the old id until the request that rotates them is over', async () => {
    const { a, b } = backends();
    const id = await created(a, { n: 1 });
    const request = b();
    const session = await request.find([id]);
    if (session !== null) request.rotate(session);
    expect([session?.id, (await a().find([id]))?.id]).toEqual(['id2.b', id]);
    await request.end();
    expect([await a().find([id]), (await a().find(['id2.b']))?.attributes]).toEqual([null, { n: 1 }]);
  });

  it('are not brought back by a slow request after a logout', async () => {
    const { a, b } = backends();
    const id = await created(a, { n: 1 });
    const slow = a();
    const copy = await slow.find([id]);
    const leaving = b();
    const session = await leaving.find([id]);
    if (session !== null) await leaving.invalidate(session);
    await leaving.end();
    Object.assign(copy?.attributes ?? {}, { n: 2 });
    await expect(slow.end()).rejects.toThrow('the session ended while this request was changing it');
    expect(await b().find([id])).toBe(null);
  });
});
