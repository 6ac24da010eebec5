import { describe, expect, it } from 'vitest';
import { type Look, runBetween } from './window.ts';

const first: Look = { at: 10, requests: 1000, accepted: 64, active: 64, wrong: 1, client: 2, target: 3, self: 1, busy: 50, stolen: 5 };
const last: Look = {
  at: 14,
  requests: 401_000,
  accepted: 264,
  active: 64,
  wrong: 3,
  client: 6,
  target: 5.8,
  self: 1.2,
  busy: 57.4,
  stolen: 5.2,
};

describe('runBetween', () => {
  it('divides what was used between two looks by the requests between them', () => {
    const { cost, targetCost, clientBusy, targetBusy, othersBusy, stolen, ...rest } = runBetween(first, last, 2, 'request');
    expect(rest).toEqual({ round: 2, seconds: 4, count: 400_000, connections: 64, wrong: 2 });
    const rounded = { cost, targetCost, clientBusy, targetBusy, othersBusy, stolen };
    expect(Object.fromEntries(Object.entries(rounded).map(([name, value]) => [name, Number(value.toFixed(6))]))).toEqual({
      cost: 10,
      targetCost: 7,
      clientBusy: 1,
      targetBusy: 0.7,
      // 7.4 s of work in all, of which 4 were the client's, 2.8 the target's and 0.2 our own.
      othersBusy: 0.1,
      stolen: 0.05,
    });
  });

  it('counts connections where these are what is paid for', () => {
    const { count, cost } = runBetween(first, last, 0, 'connection');
    expect({ count, cost }).toEqual({ count: 200, cost: 20_000 });
  });

  it('has no cost when nothing was asked', () => {
    expect(() => runBetween(first, { ...last, requests: first.requests }, 0, 'request')).toThrow(
      'the target was asked nothing in the window',
    );
  });
});
