import { describe, expect, it } from 'vitest';
import { get, loop, think, workload } from '../fixtures/fake-world.ts';
import { createBeds } from './beds.ts';
import { sessionAlone } from './cookies.ts';
import { type Crew, planOf } from './crew.ts';
import { createPurse } from './purse.ts';
import { locate } from './source.ts';
import { User } from './user.ts';

const own = workload([get('/a'), loop([get('/b'), think(1, 9)], { pace: 1000 })], {
  users: { ...workload([]).users, egress: [{ policy: 'per_request', exits: 3, weight: 1 }] },
});
const plan = planOf(own, 'http://site.test', own.identify, new Uint8Array(32));
const impossible = (): never => {
  throw new Error('nobody acts here');
};
const crew: Crew = {
  plan,
  agenda: { sleep: impossible, appoint: impossible, rest: impossible, ready: impossible, run: impossible, stop: impossible },
  journal: { instant: impossible, note: impossible, cut: impossible, hold: impossible, admit: impossible },
  transport: { send: impossible, release: impossible, open: 0, close: impossible },
  counts: { users: 0, inFlight: 0, unstarted: 0 },
  clock: () => 0,
  epoch: 0,
  phaseAt: () => 'steady',
  settled: impossible,
  failed: impossible,
};
const nobody = (): User => new User(crew, { rest: impossible, discharge: impossible });

/** All that must outlast a wait. */
function known({ number, exit, seq, rebuffs, broken, captured, source, wallet, recent, attendance }: User): unknown {
  const { present, program, stay, leave, course, thinking } = attendance;
  return structuredClone({
    ...{ number, exit, seq, rebuffs, broken, captured, source, wallet, recent },
    ...{ own: attendance.number, present, program, stay, leave, course, thinking },
  });
}

/** A user who has been through a lot. */
function veteran(number: number): User {
  const user = nobody();
  user.begin(number, { join: 5, leave: 1e12 });
  const { attendance, wallet, recent } = user;
  attendance.present = true;
  attendance.next();
  attendance.thoughts();
  Object.assign(attendance, { stay: 2, leave: 2 ** 50 + number });
  Object.assign(attendance.course, { at: 2, due: 2 ** 40 + 1, free: 2 ** 40 + 7, registers: [3, 2 ** 41] });
  Object.assign(user, { exit: '127.1.2.3', seq: 70_000, rebuffs: 4, broken: true });
  Object.assign(recent, { backend: 3, path: 9, counter: 2_000_000_000, ownerText: 'nonce of an owner', owner: 'c0ffeec0ffee' });
  Object.assign(wallet, { alone: sessionAlone(`id of ${number}`, 'tag.a', plan.mint), path: '/app' });
  return user;
}

describe('a bed', () => {
  it('gives back all that a user knew, to any object', () => {
    const beds = createBeds(plan.mint, 2);
    const users = [0, 1, 2].map(veteran);
    const given = users.map(() => beds.give());
    const before = users.map(known);
    for (const [place, user] of users.entries()) beds.keep(given[place]!, user);
    expect([given, [...beds.taken()]]).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
    const object = nobody();
    const after = given.map((bed) => {
      beds.fetch(bed, object);
      return known(object);
    });
    expect(after).toEqual(before);
    expect([...beds.taken()]).toEqual([]);
  });

  it('keeps what few have, and leaves none of it to the next', () => {
    const beds = createBeds(plan.mint, 2);
    const rich = veteran(0);
    rich.captured = new Map([['token', 't']]);
    rich.exit = '';
    locate(rich, 0, plan.origins);
    rich.wallet.alone = null;
    rich.wallet.purse = createPurse([{ name: 'lang', value: 'en', path: '/', tag: null }]);
    Object.assign(rich.recent, { sessionText: 'X', session: 'tag of X' });
    const poor = nobody();
    poor.begin(1, { join: 0, leave: 9 });
    Object.assign(poor.attendance.course, { registers: [0, 0] });
    const [one, other] = [beds.give(), beds.give()];
    const before = [known(rich), known(poor)];
    beds.keep(one, rich);
    beds.keep(other, poor);
    const object = nobody();
    const after = [one, other].map((bed) => {
      beds.fetch(bed, object);
      return known(object);
    });
    expect(after).toEqual(before);
  });

  it('is given again when it was released, before another is made', () => {
    const beds = createBeds(plan.mint, 0);
    const many = Array.from({ length: 10_000 }, () => beds.give());
    expect(many).toEqual(Array.from({ length: 10_000 }, (_, bed) => bed));
    for (const bed of [7, 9000]) beds.release(bed);
    expect([beds.give(), beds.give(), beds.give()]).toEqual([9000, 7, 10_000]);
    expect(() => beds.keep(20_000, veteran(0))).toThrow('there is no bed 20000');
  });

  it('remembers no counter that is too long for it', () => {
    const beds = createBeds(plan.mint, 2);
    const user = veteran(0);
    user.recent.counter = 2 ** 40;
    beds.give();
    beds.keep(0, user);
    beds.fetch(0, user);
    expect(user.recent.counter).toBe(-1);
  });
});
