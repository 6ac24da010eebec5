import { describe, expect, it } from 'vitest';
import { Sessions } from './sessions.ts';

const session = (text: string) => Buffer.from(text);

describe('TLS sessions', () => {
  it('belong to a lane at an exit', () => {
    const sessions = new Sessions(10);
    sessions.keep({ exit: 'a', key: 1 }, session('a1'));
    sessions.keep({ exit: 'a', key: 2 }, session('a2'));
    sessions.keep({ exit: 'b', key: 1 }, session('b1'));
    const found = (exit: string, key: number) => sessions.of({ exit, key })?.toString();
    expect([found('a', 1), found('a', 2), found('b', 1), found('b', 2)]).toEqual(['a1', 'a2', 'b1', undefined]);
  });

  it('are the latest, of those who had one lately', () => {
    const sessions = new Sessions(2);
    for (const [key, text] of [
      [1, 'one'],
      [2, 'two'],
      [1, 'newer'],
      [3, 'three'],
    ] as const)
      sessions.keep({ exit: 'a', key }, session(text));
    expect([1, 2, 3].map((key) => sessions.of({ exit: 'a', key })?.toString())).toEqual(['newer', undefined, 'three']);
  });
});
