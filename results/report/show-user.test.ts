import { describe, expect, it } from 'vitest';
import type { Answered, Entry, Exchange, Outcome } from '../../model/entry.ts';
import { StickyError } from '../../model/errors.ts';
import { showUser } from './show-user.ts';

const X = '9f2c41d07be85a13.tomcat01';
const Y = '77aa01c3d4e5f607.tomcat02';

const answer = (more: Partial<Answered>): Answered => ({
  kind: 'answered',
  status: 200,
  met: true,
  backend: 'tomcat01',
  path: ['tomcat01'],
  set: null,
  deleted: false,
  effective: X,
  created: false,
  owner: 'o',
  counter: 1,
  ...more,
});

let seq = 0;
const sent = (at: number, name: string, outcome: Outcome, more: Partial<Exchange> = {}): Exchange => ({
  kind: 'exchange',
  user: 42,
  seq: seq++,
  due: at - 200,
  asked: at,
  sent: at,
  done: at + 3_010,
  phase: 'steady',
  egress: '127.0.42.1',
  method: name.split(' ')[0] ?? '',
  name,
  op: name.startsWith('POST') ? 'write' : 'read',
  key: 'counter',
  session: X,
  outcome,
  ...more,
});

const kill = { kind: 'fault', fault: 0, action: 'kill', target: 'tomcat01' } as const;
const entries: readonly Entry[] = [
  { kind: 'phase', at: 0, name: 'steady', warmup: false, stage: 'began' },
  sent(412_000, 'POST /login', answer({ created: true, set: X, counter: 0 }), { session: null, op: 'create' }),
  sent(1_000_000, 'POST /cart', answer({})),
  { ...sent(1_100_000, 'GET /elsewhere', answer({})), user: 7 },
  { kind: 'pulse', worker: 0, at: 1_500_000, users: 200, inFlight: 1, unstarted: 0, utilisation: 0.1 },
  sent(12_000_000, 'POST /cart', answer({ counter: 2 }), { egress: '127.0.99.1' }),
  { ...kill, at: 15_004_100, stage: 'began', detail: 'SIGKILL pid 4242' },
  sent(15_010_000, 'GET /cart', { kind: 'lost', reason: 'reset' }),
  sent(15_200_000, 'GET /cart', { kind: 'refused', reason: 'connection-refused' }),
  sent(15_500_000, 'GET /cart', answer({ status: 502, met: false, backend: null, path: [], effective: null, counter: null })),
  sent(
    16_021_000,
    'POST /cart',
    answer({ backend: 'tomcat02', path: ['tomcat01', 'tomcat02'], set: Y, effective: Y, created: true, counter: 1 }),
  ),
  { ...kill, at: 25_000_900, stage: 'ending', detail: '' },
  { ...kill, at: 25_412_300, stage: 'ended', detail: 'ready on 127.0.0.1:18081' },
  sent(26_000_000, 'POST /logout', answer({ backend: 'tomcat02', path: ['tomcat02'], effective: null, deleted: true, counter: null }), {
    session: Y,
    op: 'logout',
  }),
  { kind: 'phase', at: 30_000_000, name: 'steady', warmup: false, stage: 'ended' },
];

describe("a user's history", () => {
  it('tells each request, what it changed, and the faults in between', () => {
    expect(showUser(entries, 42, { colour: false, width: 100 })).toMatchInlineSnapshot(`
      "User 42
      8 requests, from 0.412 s to 26.003 s, 2 sessions, answered by tomcat01, tomcat02

            sent  request       op      carried          backend   status      felt  counter
         0.000 s  ── phase steady began
         0.412 s  POST /login   create  none             tomcat01  200      3.21 ms        0
                    session created; given 9f2c41.tomcat01
         1.000 s  POST /cart    write   9f2c41.tomcat01  tomcat01  200      3.21 ms        1
        12.000 s  POST /cart    write   9f2c41.tomcat01  tomcat01  200      3.21 ms        2
                    now from 127.0.99.1
        15.004 s  ── kill tomcat01 began: SIGKILL pid 4242
        15.010 s  GET /cart     read    9f2c41.tomcat01            lost     3.21 ms
                    now from 127.0.42.1; reset: perhaps executed
        15.200 s  GET /cart     read    9f2c41.tomcat01            refused  3.21 ms
                    connection-refused: never sent
        15.500 s  GET /cart     read    9f2c41.tomcat01  ?         502      3.21 ms
                    not as the workload expects
        16.021 s  POST /cart    write   9f2c41.tomcat01  tomcat02  200      3.21 ms        1
                    tried tomcat01, then tomcat02; moved from tomcat01 to tomcat02; a new session was
                    created although it carried one; given 77aa01.tomcat02; counter fell from 2 to 1
        25.001 s  ── kill tomcat01 is being undone
        25.412 s  ── kill tomcat01 ended: ready on 127.0.0.1:18081
        26.000 s  POST /logout  logout  77aa01.tomcat02  tomcat02  200      3.21 ms
                    session cookie deleted
        30.000 s  ── phase steady ended
      "
    `);
  });

  it('leaves out what there is no room for', () => {
    expect(showUser(entries, 42, { colour: false, width: 72 })).toMatchInlineSnapshot(`
      "User 42
      8 requests, from 0.412 s to 26.003 s, 2 sessions, answered by tomcat01,
      tomcat02

            sent  request       carried          backend   status      felt
            sent  counter
         0.000 s  ── phase steady began
         0.412 s  POST /login   none             tomcat01  200      3.21 ms
         0.412 s        0
                    session created; given 9f2c41.tomcat01
         1.000 s  POST /cart    9f2c41.tomcat01  tomcat01  200      3.21 ms
         1.000 s        1
        12.000 s  POST /cart    9f2c41.tomcat01  tomcat01  200      3.21 ms
        12.000 s        2
                    now from 127.0.99.1
        15.004 s  ── kill tomcat01 began: SIGKILL pid 4242
        15.010 s  GET /cart     9f2c41.tomcat01            lost     3.21 ms
        15.010 s
                    now from 127.0.42.1; reset: perhaps executed
        15.200 s  GET /cart     9f2c41.tomcat01            refused  3.21 ms
        15.200 s
                    connection-refused: never sent
        15.500 s  GET /cart     9f2c41.tomcat01  ?         502      3.21 ms
        15.500 s
                    not as the workload expects
        16.021 s  POST /cart    9f2c41.tomcat01  tomcat02  200      3.21 ms
        16.021 s        1
                    tried tomcat01, then tomcat02; moved from tomcat01 to
                    tomcat02; a new session was created although it carried
                    one; given 77aa01.tomcat02; counter fell from 2 to 1
        25.001 s  ── kill tomcat01 is being undone
        25.412 s  ── kill tomcat01 ended: ready on 127.0.0.1:18081
        26.000 s  POST /logout  77aa01.tomcat02  tomcat02  200      3.21 ms
        26.000 s
                    session cookie deleted
        30.000 s  ── phase steady ended
      "
    `);
  });

  it('is in the order of sending, whatever the order of the answers', () => {
    const text = showUser([sent(3_000_000, 'GET /b', answer({})), sent(2_000_000, 'GET /a', answer({}))], 42, {
      colour: false,
      width: 100,
    });
    expect(text.split('\n').flatMap((line) => /GET \/./.exec(line)?.[0] ?? [])).toEqual(['GET /a', 'GET /b']);
  });

  it('lets nothing through that a terminal would obey', () => {
    const evil = 'x\u001b[2J\r\n';
    const text = showUser(
      [
        { kind: 'phase', at: 0, name: evil, warmup: false, stage: 'began' },
        { ...kill, at: 1, target: evil, stage: 'began', detail: evil },
        sent(2, evil, answer({ backend: evil, set: evil, path: [evil, evil] }), { session: evil, egress: evil, key: evil }),
        sent(3, evil, answer({ backend: 'y', counter: 0 }), { session: evil, egress: 'z', key: evil }),
      ],
      42,
      { colour: false, width: 60 },
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    expect(text.replaceAll('\n', '').match(/[\u0000-\u001f]/g)).toBe(null);
  });

  it('of a user that the record does not know is an error', () => {
    const show = (): string => showUser(entries, 9, { colour: false, width: 80 });
    expect(show).toThrow(StickyError);
    expect(show).toThrow('The record has no exchange of user 9.');
  });

  it('of a hundred thousand requests is shown like any other', () => {
    const many = Array.from({ length: 100_000 }, (_, at) => sent(at * 1_000, 'GET /cart', answer({})));
    expect(showUser(many, 42, { colour: false, width: 80 }).split('\n')).toHaveLength(100_005);
  });
});
