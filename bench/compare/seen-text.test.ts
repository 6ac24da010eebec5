import { describe, expect, it } from 'vitest';
import { seenIn } from './seen-text.ts';

describe('seenIn', () => {
  it('tells one cookie for all from a session each', () => {
    expect(seenIn(['S 127.0.0.1 1', 'S 127.0.0.1 2', 'S 127.0.0.1 1'])).toEqual({
      ...{ requests: 3, bare: 0, cookies: 1, addresses: 1, connections: 2, cookiesPerConnection: 1 },
    });
    expect(seenIn(['- 127.1.0.1 1', 'A 127.1.0.1 1', 'B 127.2.0.1 2', 'B 127.2.0.1 2'])).toEqual({
      ...{ requests: 4, bare: 1, cookies: 2, addresses: 2, connections: 2, cookiesPerConnection: 1 },
    });
  });

  it('sees sessions that wander over connections', () => {
    expect(seenIn(['A 127.0.0.1 1', 'B 127.0.0.1 2', 'C 127.0.0.1 1', 'A 127.0.0.1 2']).cookiesPerConnection).toBe(2);
  });

  it('has no sessions where none was sent', () => {
    expect(seenIn(['- 127.0.0.1 1'])).toEqual({ requests: 1, bare: 1, cookies: 0, addresses: 1, connections: 1, cookiesPerConnection: 0 });
  });
});
