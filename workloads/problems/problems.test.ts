import { describe, expect, it } from 'vitest';
import { parseWorkload } from '../parse-workload.ts';
import { formatProblems } from './problem.ts';

const FILES: Readonly<Record<string, string>> = {
  'shop/users.csv': 'login,password\nann,secret\nbob,x\n',
  'shop/semicolons.csv': 'login;password\nann;secret\n',
  'shop/short.csv': 'login,password\nann\nbob,x\n',
  'shop/quote.csv': 'login,password\nann,"secret\n',
  'shop/header.csv': 'login,pass word,login\na,b,c\n',
  'shop/lonely.csv': 'login,password\n',
  'shop/empty.csv': '',
};

function readText(path: string): string {
  const text = FILES[path];
  if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
  return text;
}

/** What a person reads about a file. */
function told(text: string): string {
  const parsed = parseWorkload(text, 'shop/shop.yml', readText);
  return 'problems' in parsed ? formatProblems('shop/shop.yml', parsed.problems) : 'no problem';
}

const BLOCKS = { lab: '{ strategy: jvm_route }', phases: '[{ duration: 30s }]', flow: '[{ get: / }]' };

/** A sound file of three lines, with some blocks in place of its own or after them. */
function file(blocks: Readonly<Record<string, string | null>>): string {
  return Object.entries({ ...BLOCKS, ...blocks })
    .filter(([, text]) => text !== null)
    .map(([key, text]) => `${key}: ${text}\n`)
    .join('');
}

describe('problems of a file', () => {
  it('has none for the shortest sound file', () => {
    expect(told(file({}))).toBe('no problem');
  });

  it('tells a newcomer with an empty file what a workload is', () => {
    expect(told('')).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:1:1
        expected  a workload: a mapping with lab or target, phases and flow
        got       nothing
        hint      The shortest one: lab: { strategy: jvm_route }, phases: [{ duration: 30s }] and flow: [{ get: /visit }], each on its line."
    `);
    expect(told('# nothing but a comment\n')).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:1:1
        expected  a workload: a mapping with lab or target, phases and flow
        got       nothing
        hint      The shortest one: lab: { strategy: jvm_route }, phases: [{ duration: 30s }] and flow: [{ get: /visit }], each on its line."
    `);
    expect(told('- a\n- b\n')).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:1:1
        expected  a workload: a mapping with lab or target, phases and flow
        got       a list
        hint      The shortest one: lab: { strategy: jvm_route }, phases: [{ duration: 30s }] and flow: [{ get: /visit }], each on its line."
    `);
  });

  it('wants an idle time that can be told from a pause', () => {
    const lab = (idle: string): string => told(file({ lab: `{ strategy: ip_hash, session_timeout: ${idle} }` }));
    const own = (idle: string): string => told(file({ lab: null, target: `{ url: 'http://127.0.0.1', session_timeout: ${idle} }` }));
    expect(lab('1s')).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:1:44  lab.session_timeout
        expected  a duration of whole seconds, 5s or more, such as 30m
        got       1s
        hint      An idle time is judged with a second of slack: under a shorter timeout live sessions would count as expired."
    `);
    expect(own('4999ms')).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:3:53  target.session_timeout
        expected  a duration of 5s or more, such as 30m
        got       4999ms
        hint      An idle time is judged with a second of slack: under a shorter timeout live sessions would count as expired."
    `);
    expect(lab('5500ms')).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:1:44  lab.session_timeout
        expected  a duration of whole seconds, 5s or more, such as 30m
        got       5500ms
        hint      nginx and Tomcat count it in whole seconds."
    `);
    expect([lab('5s'), own('5s'), own('5500ms')]).toEqual(['no problem', 'no problem', 'no problem']);
  });

  it('says which header a lab believes', () => {
    const via = (header: string): string => told(file({ users: `{ via: { header: ${header} } }` }));
    expect(via('X-Real-IP')).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:4:25  users.via.header
        expected  X-Forwarded-For
        got       X-Real-IP
        hint      The lab's balancer believes X-Forwarded-For only: with X-Real-IP it would take all users for one address."
    `);
    expect(via('x-forwarded-for')).toBe('no problem');
    const own = { lab: null, target: 'https://shop.example.com' };
    expect(told(file({ ...own, users: '{ via: { header: X-Real-IP } }' }))).toBe('no problem');
  });

  it('lists each name once, though the file gives it twice', () => {
    const text = file({
      lab: '{ strategy: redis_session, backends: [a, a, store] }',
      phases: '[{ duration: 30s, name: x }, { duration: 1s, name: x }]',
      faults: '[{ at: 1s, kill: b }]',
      thresholds: "{ 'latency.felt{backend:c}': 'p(99)<1s', 'requests.ok{phase:y}': 'count>1' }",
    });
    expect(told(text).match(/one of .*/g)).toMatchInlineSnapshot(`
      [
        "one of a, store, balancer",
        "one of the values of backend: a, store",
        "one of the values of phase: x",
      ]
    `);
  });

  it('lists what is missing at the top', () => {
    expect(told('name: shop\n')).toMatchInlineSnapshot(`
      "shop/shop.yml has 3 problems:

      shop/shop.yml:1:1  phases
        expected  a list of phases such as { duration: 30s }
        got       nothing

      shop/shop.yml:1:1  lab
        expected  lab, or else target
        got       nothing
        hint      For example lab: { strategy: jvm_route, backends: [tomcat01, tomcat02] }.

      shop/shop.yml:1:1  flow
        expected  flow, or else scenarios
        got       nothing
        hint      For example flow: [ { get: / }, { think: 1s } ]."
    `);
  });

  it('refuses alternatives side by side', () => {
    expect(told(file({ target: 'http://127.0.0.1:8080', scenarios: '[{ flow: [{ get: / }] }]' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has 2 problems:

      shop/shop.yml:4:1  target
        expected  either lab or target
        got       target
        hint      Remove one of them.

      shop/shop.yml:5:1  scenarios
        expected  either flow or scenarios
        got       scenarios
        hint      Remove one of them."
    `);
  });

  it('refuses unknown keys, and knows those of other tools', () => {
    expect(told(file({ thresolds: '{}', config: '{}', stages: '[]', strategy: 'ip_hash', banana: '1' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has 5 problems:

      shop/shop.yml:4:1  thresolds
        expected  one of the keys name, description, seed, lab, target, identify, users, http, phases, flow, scenarios, variables, payload, faults, thresholds
        got       thresolds
        hint      Did you mean thresholds?

      shop/shop.yml:5:1  config
        expected  one of the keys name, description, seed, lab, target, identify, users, http, phases, flow, scenarios, variables, payload, faults, thresholds
        got       config
        hint      There is no config block: target, phases, variables and payload stand at the top.

      shop/shop.yml:6:1  stages
        expected  one of the keys name, description, seed, lab, target, identify, users, http, phases, flow, scenarios, variables, payload, faults, thresholds
        got       stages
        hint      Write phases.

      shop/shop.yml:7:1  strategy
        expected  one of the keys name, description, seed, lab, target, identify, users, http, phases, flow, scenarios, variables, payload, faults, thresholds
        got       strategy
        hint      The strategy belongs to the lab: \`lab: { strategy: jvm_route }\`.

      shop/shop.yml:8:1  banana
        expected  one of the keys name, description, seed, lab, target, identify, users, http, phases, flow, scenarios, variables, payload, faults, thresholds
        got       banana"
    `);
  });

  it('refuses keys that stand twice', () => {
    expect(
      told('lab: { strategy: jvm_route }\nlab: { strategy: ip_hash }\nphases: [{ duration: 3s }]\nflow: [{ get: / }]\n'),
    ).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:2:1
        expected  each key once
        got       lab
        hint      The same key stands above it in the same mapping."
    `);
  });

  it('tells where a line breaks the rules of YAML', () => {
    expect(told('lab:\n\tstrategy: jvm_route\n')).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:2:1
        expected  spaces for indentation
        got       a tab
        hint      YAML does not allow tabs there."
    `);
    expect(told('name: shop\n  lab: x\n')).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:1:7
        expected  a line that fits the ones around it
        got       shop
        hint      Check its indentation and the colon after its key; a text that holds a colon and a space is put in quotes."
    `);
    expect(told('lab: { strategy: jvm_route\nphases: []\n')).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:2:1
        expected  the end of a { or [ above
        got       phases: []
        hint      Is a } or ] missing?"
    `);
    expect(told("name: 'shop\nlab: x\n")).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:3:1
        expected  the closing quote of a text
        got       the end of the file"
    `);
    expect(told('name: shop\n---\nname: other\n')).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:2:1
        expected  one workload per file
        got       a second document
        hint      Remove the --- and all below it."
    `);
    expect(told('flow:\n  - get: /a\n - get: /b\n')).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:3:1
        expected  a line that fits the ones around it
        got       - get: /b
        hint      Check its indentation and the colon after its key; a text that holds a colon and a space is put in quotes."
    `);
    expect(told('flow: *steps\n')).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:1:7
        expected  an alias (*) of an anchor (&) above it
        got       *steps
        hint      For a text that begins with *, put it in quotes."
    `);
    expect(told('flow:\n  - get: /item/{{ id }}\n  - { get: /{{ id }} }\n')).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:3:13
        expected  a text in quotes
        got       {{ id }} }
        hint      A text with {{ variables }} is put in quotes: '/item/{{ id }}'."
    `);
    expect(told('thresholds:\n  %: x\n')).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:2:3
        expected  a text in quotes
        got       %: x
        hint      YAML has another meaning for the sign it begins with."
    `);
  });

  it('reports everything at once, whatever block it is in', () => {
    const text = file({
      lab: '{ strategy: jvmroute, backends: [tomcat01, tomcat02] }',
      phases: '[{ name: steady, duration: 30 }]',
      flow: "[{ gett: / }, { get: '/{{ usr.id }}' }, { think: fast }]",
      faults: '[{ at: 5s, kill: tomcat1 }]',
      thresholds: "{ 'latency.felt{phase:stedy}': ['p(99)<400'] }",
    });
    expect(told(text)).toMatchInlineSnapshot(`
      "shop/shop.yml has 8 problems:

      shop/shop.yml:1:18  lab.strategy
        expected  one of round_robin, ip_hash, jvm_route, redis_session, jvm_route_redis
        got       jvmroute
        hint      Did you mean jvm_route?

      shop/shop.yml:2:36  phases[0].duration
        expected  a duration such as 200ms, 5s, 1m30s or 2h, above 0
        got       30
        hint      Give the unit: 30s or 30ms.

      shop/shop.yml:3:10  flow[0].gett
        expected  one of the keys get, post, put, patch, delete, head, options, name, op, key, headers, json, form, body, capture, expect, think, loop, count, over, pace
        got       gett
        hint      Did you mean get?

      shop/shop.yml:3:33  flow[1].get
        expected  a variable that is defined: user.id, user.name
        got       usr.id
        hint      Did you mean user.id?

      shop/shop.yml:3:56  flow[2].think
        expected  a duration such as 500ms, or a range such as 200ms..1s
        got       fast
        hint      Units are us, ms, s, m, h and d.

      shop/shop.yml:4:26  faults[0].kill
        expected  one of tomcat01, tomcat02, store, balancer
        got       tomcat1
        hint      Did you mean tomcat01?

      shop/shop.yml:5:35  thresholds["latency.felt{phase:stedy}"]
        expected  one of the values of phase: steady
        got       stedy
        hint      Did you mean steady?

      shop/shop.yml:5:52  thresholds["latency.felt{phase:stedy}"][0]
        expected  a duration such as 400ms
        got       400
        hint      Give the unit: 400s or 400ms."
    `);
  });
});

describe('problems of values', () => {
  it('wants texts in quotes where YAML makes numbers of them', () => {
    expect(told(file({ name: '007', description: 'true' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has 2 problems:

      shop/shop.yml:4:7  name
        expected  a name of letters, digits, dots, _ and -
        got       007
        hint      For a text, put it in quotes.

      shop/shop.yml:5:14  description
        expected  a text
        got       true
        hint      For a text, put it in quotes."
    `);
  });

  it('tells an empty value from a wrong one', () => {
    expect(told(file({ seed: '', users: '{ count: }', http: 'null' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has 3 problems:

      shop/shop.yml:4:1  seed
        expected  a whole number, 0 or more
        got       nothing

      shop/shop.yml:5:10  users.count
        expected  a whole number of users from 1 to 100000000
        got       nothing

      shop/shop.yml:6:7  http
        expected  a mapping with keys such as connections, timeout and headers
        got       null"
    `);
  });

  it('wants whole numbers', () => {
    expect(told(file({ seed: '1.5', users: "{ count: '20' }" }))).toMatchInlineSnapshot(`
      "shop/shop.yml has 2 problems:

      shop/shop.yml:4:7  seed
        expected  a whole number, 0 or more
        got       1.5

      shop/shop.yml:5:17  users.count
        expected  a whole number of users from 1 to 100000000
        got       '20'
        hint      Leave out the quotes."
    `);
  });

  it('wants true or false', () => {
    expect(told(file({ http: '{ tls: { insecure: yes } }' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:4:26  http.tls.insecure
        expected  true or false
        got       yes
        hint      Write true."
    `);
  });

  it('wants units', () => {
    expect(told(file({ http: '{ timeout: 10, connect_timeout: 5 sec, max_body: much }' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has 3 problems:

      shop/shop.yml:4:18  http.timeout
        expected  a duration such as 200ms, 5s, 1m30s or 2h, above 0
        got       10
        hint      Give the unit: 10s or 10ms.

      shop/shop.yml:4:39  http.connect_timeout
        expected  a duration such as 200ms, 5s, 1m30s or 2h, above 0
        got       5 sec
        hint      Write 5s.

      shop/shop.yml:4:56  http.max_body
        expected  a size such as 64KB or 10MB
        got       much
        hint      Units are B, KB, MB and GB."
    `);
  });

  it('wants headers that can be sent', () => {
    const headers = '{ Cookie: a=b, Content-Length: 3, "X Y": 1, X-A: "a\\r\\nb", X-B: ₿, X-C: [1], X-D: "{{ nobody }}" }';
    expect(told(file({ http: `{ headers: ${headers} }` }))).toMatchInlineSnapshot(`
      "shop/shop.yml has 7 problems:

      shop/shop.yml:4:20  http.headers.Cookie
        expected  a header that is yours to set
        got       Cookie
        hint      Each user's cookie jar writes this header.

      shop/shop.yml:4:33  http.headers.Content-Length
        expected  a header that is yours to set
        got       Content-Length
        hint      The length of the body is counted for you.

      shop/shop.yml:4:52  http.headers["X Y"]
        expected  the name of a header
        got       "X Y"
        hint      Letters, digits and !#$%&'*+.^_\`|~- only.

      shop/shop.yml:4:67  http.headers.X-A
        expected  a text that a header can carry
        got       "a\\r\\nb"
        hint      A header cannot hold a line break or a zero byte.

      shop/shop.yml:4:82  http.headers.X-B
        expected  a text that a header can carry
        got       ₿
        hint      A header carries Latin-1 only; ₿ is outside it.

      shop/shop.yml:4:90  http.headers.X-C
        expected  a text that a header can carry
        got       [1]

      shop/shop.yml:4:104  http.headers.X-D
        expected  a variable that is defined: user.id, user.name
        got       nobody
        hint      Define it under variables, as a field of a payload, or with capture."
    `);
  });
});

describe('problems of lab, target and identify', () => {
  it('suggests strategies and keys', () => {
    expect(told(file({ lab: '{ strategy: redis, maxFails: 3, backend: [a] }' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has 3 problems:

      shop/shop.yml:1:18  lab.strategy
        expected  one of round_robin, ip_hash, jvm_route, redis_session, jvm_route_redis
        got       redis
        hint      Did you mean redis_session?

      shop/shop.yml:1:25  lab.maxFails
        expected  one of the keys strategy, backends, port, max_fails, fail_timeout, session_timeout
        got       maxFails
        hint      Did you mean max_fails?

      shop/shop.yml:1:38  lab.backend
        expected  one of the keys strategy, backends, port, max_fails, fail_timeout, session_timeout
        got       backend
        hint      Did you mean backends?"
    `);
  });

  it('wants backends that can be told apart and be named', () => {
    expect(told(file({ lab: '{ strategy: ip_hash, backends: [a, a, store, 1, b c, { name: x, weigth: 2 }] }' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has 5 problems:

      shop/shop.yml:1:41  lab.backends[1]
        expected  a name of its own for each backend
        got       a
        hint      a stands there twice.

      shop/shop.yml:1:44  lab.backends[2]
        expected  the name of a backend: letters, digits, _ and -
        got       store
        hint      store is a fault target already; choose another name.

      shop/shop.yml:1:51  lab.backends[3]
        expected  the name of a backend: letters, digits, _ and -
        got       1
        hint      For a name, put it in quotes.

      shop/shop.yml:1:54  lab.backends[4]
        expected  the name of a backend, or a mapping with its name, weight and down
        got       b c

      shop/shop.yml:1:70  lab.backends[5].weigth
        expected  one of the keys name, weight, down
        got       weigth
        hint      Did you mean weight?"
    `);
    expect(told(file({ lab: '{ strategy: ip_hash, backends: [] }' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:1:37  lab.backends
        expected  a list of backends, not an empty one
        got       []"
    `);
    expect(told(file({ lab: '{ strategy: ip_hash, backends: [{ name: a, down: true }] }' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:1:37  lab.backends
        expected  at least one backend that is not down
        got       [{ name: a, down: true }]"
    `);
  });

  it('wants ports and whole seconds', () => {
    expect(told(file({ lab: '{ strategy: ip_hash, port: 80000, fail_timeout: 1500ms, session_timeout: 30 }' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has 3 problems:

      shop/shop.yml:1:33  lab.port
        expected  a whole number from 0 to 65535
        got       80000

      shop/shop.yml:1:54  lab.fail_timeout
        expected  a duration of whole seconds, such as 10s
        got       1500ms
        hint      nginx and Tomcat count it in whole seconds.

      shop/shop.yml:1:79  lab.session_timeout
        expected  a duration of whole seconds, 5s or more, such as 30m
        got       30
        hint      Give the unit: 30s or 30ms."
    `);
  });

  it('wants an http URL', () => {
    expect(told(file({ lab: null, target: 'staging.example.com' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:3:9  target
        expected  an http or https URL
        got       staging.example.com
        hint      Write https://staging.example.com or http://staging.example.com."
    `);
    expect(told(file({ lab: null, target: '{ url: ftp://x, strategi: ip_hash }' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has 2 problems:

      shop/shop.yml:3:16  target.url
        expected  an http or https URL
        got       ftp://x
        hint      Write it as https://host[:port][/path].

      shop/shop.yml:3:25  target.strategi
        expected  one of the keys url, strategy, backends, fail_timeout, session_timeout
        got       strategi
        hint      Did you mean strategy?"
    `);
    expect(told(file({ lab: null, target: 'http://x/#top' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:3:9  target
        expected  an http or https URL
        got       http://x/#top
        hint      Leave out what follows the #: a server never sees it."
    `);
  });

  it('wants one way to know the backend', () => {
    expect(told(file({ identify: '{ backend: rout }' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:4:22  identify.backend
        expected  { header: NAME }, { cookie: NAME }, route or none
        got       rout
        hint      Did you mean route?"
    `);
    expect(told(file({ identify: '{ backend: { header: A, cookie: B }, path: 3, names: { x: y z } }' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has 3 problems:

      shop/shop.yml:4:22  identify.backend
        expected  { header: NAME }, { cookie: NAME }, route or none
        got       { header: A, cookie: B }
        hint      Exactly one of header and cookie.

      shop/shop.yml:4:54  identify.path
        expected  the name of a header, or none
        got       3

      shop/shop.yml:4:69  identify.names.x
        expected  the name of a backend: letters, digits, _ and -
        got       y z"
    `);
    expect(told(file({ identify: '{ backend: { haeder: A } }' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:4:24  identify.backend.haeder
        expected  one of the keys header, cookie
        got       haeder
        hint      Did you mean header?"
    `);
  });
});

describe('problems of users', () => {
  it('suggests policies, and says which keys belong to which', () => {
    expect(
      told(file({ users: '{ egress: [{ policy: per_conection }, { policy: fixed, exits: 2 }, { exits: 2 }, fixed] }' })),
    ).toMatchInlineSnapshot(`
      "shop/shop.yml has 4 problems:

      shop/shop.yml:4:29  users.egress[0].policy
        expected  an egress policy: one of fixed, same24, per_connection, per_request, switch, pingpong, shared
        got       per_conection
        hint      Did you mean per_connection?

      shop/shop.yml:4:63  users.egress[1].exits
        expected  one of the keys policy, weight
        got       exits
        hint      exits belongs to per_connection, per_request, switch and shared.

      shop/shop.yml:4:75  users.egress[2].policy
        expected  an egress policy: one of fixed, same24, per_connection, per_request, switch, pingpong, shared
        got       nothing

      shop/shop.yml:4:89  users.egress[3]
        expected  an egress policy: one of fixed, same24, per_connection, per_request, switch, pingpong, shared
        got       fixed"
    `);
  });

  it('wants weights above 0 and as many as exits', () => {
    expect(
      told(file({ users: '{ egress: [{ weight: 0, policy: fixed }, { policy: per_connection, exits: 3, weights: [1, 2] }] }' })),
    ).toMatchInlineSnapshot(`
      "shop/shop.yml has 2 problems:

      shop/shop.yml:4:29  users.egress[0].weight
        expected  a weight above 0, such as 3 or 20%
        got       0
        hint      Leave the entry out to give it no share.

      shop/shop.yml:4:94  users.egress[1].weights
        expected  as many weights as exits: 3
        got       [1, 2]"
    `);
  });

  it('wants a way to have addresses, and a pool', () => {
    expect(told(file({ users: '{ via: binding, pool: 10.0.0.0 }' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has 2 problems:

      shop/shop.yml:4:15  users.via
        expected  bind, { header: NAME } or { proxy_protocol: v1 | v2 }
        got       binding

      shop/shop.yml:4:30  users.pool
        expected  a range of IPv4 addresses such as 127.0.0.0/8
        got       10.0.0.0
        hint      Write it as ADDRESS/PREFIX."
    `);
    expect(told(file({ users: '{ via: { proxy_protocol: v3 }, pool: 10.0.0.0/25 }' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has 2 problems:

      shop/shop.yml:4:33  users.via.proxy_protocol
        expected  one of v1, v2
        got       v3

      shop/shop.yml:4:45  users.pool
        expected  a range of IPv4 addresses such as 127.0.0.0/8
        got       10.0.0.0/25
        hint      Exits lie in different /24s: the prefix is 24 or less."
    `);
    expect(told(file({ users: '{ via: { header: A, proxy_protocol: v1 }, pool: 10.0.0.256/8 }' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has 2 problems:

      shop/shop.yml:4:15  users.via
        expected  bind, { header: NAME } or { proxy_protocol: v1 | v2 }
        got       { header: A, proxy_protocol: v1 }
        hint      Exactly one of header and proxy_protocol.

      shop/shop.yml:4:56  users.pool
        expected  a range of IPv4 addresses such as 127.0.0.0/8
        got       10.0.0.256/8
        hint      Octets go to 255, the prefix to 32."
    `);
  });

  it('does not bind loopback addresses for a far target', () => {
    expect(told(file({ lab: null, target: 'https://shop.example.com', users: '{ via: bind }' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:4:15  users.via
        expected  a way to have addresses that reaches shop.example.com
        got       bind
        hint      127.0.0.0/8 leads to this machine only: give a pool of addresses this machine has, or write via: { header: X-Forwarded-For }."
    `);
  });

  it('wants a cookie that can be named', () => {
    expect(told(file({ users: '{ cookies: { session: a b } }' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:4:30  users.cookies.session
        expected  the name of a cookie
        got       a b
        hint      Letters, digits and !#$%&'*+.^_\`|~- only."
    `);
  });
});

describe('problems of phases', () => {
  it('wants a list with durations', () => {
    expect(told(file({ phases: '{ duration: 3s }' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:2:9  phases
        expected  a list of phases such as { duration: 30s }
        got       { duration: 3s }"
    `);
    expect(told(file({ phases: '[]' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:2:9  phases
        expected  a list of phases such as { duration: 30s }, not an empty one
        got       []"
    `);
    expect(told(file({ phases: '[{ users: 4 }, { duration: 0s }]' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has 2 problems:

      shop/shop.yml:2:10  phases[0]
        expected  a phase with a duration, such as duration: 30s
        got       { users: 4 }

      shop/shop.yml:2:36  phases[1].duration
        expected  a duration such as 200ms, 5s, 1m30s or 2h, above 0
        got       0s"
    `);
  });

  it('does not mix users and arrivals', () => {
    expect(told(file({ phases: '[{ duration: 3s, users: 3 }, { duration: 3s, arrivalRate: 5/s }]' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:2:54  phases[1].arrivalRate
        expected  a phase of the closed model, as those before it
        got       arrivalRate
        hint      A closed run keeps a number of users (users), an open one lets sessions arrive at a rate (arrivalRate); write two files to see both."
    `);
    expect(told(file({ phases: '[{ duration: 3s, users: 3, arrivalRate: 5/s }]' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:2:36  phases[0].arrivalRate
        expected  either users or arrivalRate
        got       arrivalRate
        hint      A closed run keeps a number of users (users), an open one lets sessions arrive at a rate (arrivalRate); write two files to see both."
    `);
    expect(told(file({ phases: '[{ duration: 3s, users: 3 }, { duration: 3s, rampTo: 5/s }]' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:2:54  phases[1].rampTo
        expected  a phase of the closed model, as those before it
        got       rampTo
        hint      A closed run keeps a number of users (users), an open one lets sessions arrive at a rate (arrivalRate); write two files to see both."
    `);
  });

  it('wants an open schedule to begin somewhere, and somebody to come', () => {
    expect(told(file({ phases: '[{ duration: 3s, arrivals: poisson }]' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:2:10  phases[0]
        expected  a first phase with arrivalRate or rampTo
        got       { duration: 3s, arrivals: poisson }
        hint      Later phases go on where the last one ended."
    `);
    expect(told(file({ phases: '[{ duration: 3s, users: 0 }]' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:2:9  phases
        expected  a phase with users or rampTo above 0
        got       [{ duration: 3s, users: 0 }]
        hint      Nobody would come."
    `);
    expect(told(file({ phases: '[{ duration: 3s, warmup: true }]' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:2:9  phases
        expected  at least one phase that is not a warm-up
        got       [{ duration: 3s, warmup: true }]
        hint      Warm-up phases are left out of the result."
    `);
  });

  it('wants whole users', () => {
    expect(told(file({ phases: '[{ duration: 3s, rampTo: 2.5 }]' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:2:34  phases[0].rampTo
        expected  a whole number of users
        got       2.5
        hint      For an arrival rate write the unit, as in 2.5/s."
    `);
  });

  it('wants names of their own, also of stairs', () => {
    const stairs = '{ name: up, staircase: { from: 1, step: 1, each: 1s, count: 2 } }';
    expect(
      told(file({ phases: `[{ name: a, duration: 3s }, { name: a, duration: 3s }, { name: up-2, duration: 1s }, ${stairs}]` })),
    ).toMatchInlineSnapshot(`
      "shop/shop.yml has 2 problems:

      shop/shop.yml:2:45  phases[1].name
        expected  a name of its own for each phase
        got       a
        hint      phases[0] is called a already.

      shop/shop.yml:2:102  phases[3].name
        expected  a name of its own for each phase
        got       up
        hint      phases[2] is called up-2 already."
    `);
    expect(told(file({ phases: "[{ name: 'a{b}', duration: 3s }]" }))).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:2:18  phases[0].name
        expected  a name without { } , : or line breaks
        got       'a{b}'
        hint      The name is used in thresholds, as in latency.felt{phase:steady}."
    `);
  });

  it('wants a staircase alone and above 0', () => {
    const stairs = '{ from: 10, step: -5, each: 1s, count: 4 }';
    expect(told(file({ phases: `[{ duration: 3s, users: 3, staircase: ${stairs} }]` }))).toMatchInlineSnapshot(`
      "shop/shop.yml has 3 problems:

      shop/shop.yml:2:12  phases[0].duration
        expected  beside a staircase only name, arrivals and warmup
        got       duration
        hint      from, step, each and count of the staircase say it all.

      shop/shop.yml:2:26  phases[0].users
        expected  beside a staircase only name, arrivals and warmup
        got       users
        hint      from, step, each and count of the staircase say it all.

      shop/shop.yml:2:65  phases[0].staircase.step
        expected  stairs that stay at 0 or above
        got       -5
        hint      Stair 4 would be below 0."
    `);
  });
});

describe('problems of a flow', () => {
  it('wants one thing per step', () => {
    expect(
      told(file({ flow: '[{ get: /a, think: 1s }, { name: x }, {}, { get: /, count: 3 }, { think: 1s, op: read }]' })),
    ).toMatchInlineSnapshot(`
      "shop/shop.yml has 5 problems:

      shop/shop.yml:3:19  flow[0].think
        expected  one request, think or loop per step
        got       think
        hint      Begin a new step for it: - think: …

      shop/shop.yml:3:32  flow[1]
        expected  a step with one of the keys get, post, put, patch, delete, head, options, think, loop
        got       { name: x }

      shop/shop.yml:3:45  flow[2]
        expected  a step with one of the keys get, post, put, patch, delete, head, options, think, loop
        got       {}

      shop/shop.yml:3:59  flow[3].count
        expected  beside get only name, op, key, headers, json, form, body, capture, expect
        got       count
        hint      count belongs to a loop: it is indented like the loop itself.

      shop/shop.yml:3:84  flow[4].op
        expected  nothing beside think
        got       op
        hint      op belongs to a request: it is indented like the request itself."
    `);
  });

  it('wants paths that can be sent', () => {
    expect(
      told(
        file({
          flow: "[{ get: cart }, { get: /ä b }, { get: '/a#b' }, { get: { url: /x } }, { get: ftp://x }, { get: 'http://{{ user.id }}/' }]",
        }),
      ),
    ).toMatchInlineSnapshot(`
      "shop/shop.yml has 6 problems:

      shop/shop.yml:3:15  flow[0].get
        expected  a path such as /cart
        got       cart
        hint      A path begins with /: /cart.

      shop/shop.yml:3:30  flow[1].get
        expected  a path such as /cart
        got       /ä b
        hint      Percent-encode it: /%C3%A4%20b.

      shop/shop.yml:3:45  flow[2].get
        expected  a path such as /cart
        got       '/a#b'
        hint      Leave out what follows the #: a server never sees it.

      shop/shop.yml:3:62  flow[3].get
        expected  a path such as /cart
        got       { url: /x }
        hint      Write the path itself; other settings stand beside it, not below it.

      shop/shop.yml:3:84  flow[4].get
        expected  a path such as /cart
        got       ftp://x
        hint      Only http and https.

      shop/shop.yml:3:102  flow[5].get
        expected  a path such as /cart
        got       'http://{{ user.id }}/'
        hint      The host is written out, without variables."
    `);
  });

  it('keeps to the target', () => {
    expect(told(file({ flow: '[{ get: https://other.example.com/ }]' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:3:15  flow[0].get
        expected  a path such as /cart
        got       https://other.example.com/
        hint      Users talk to the target only."
    `);
    expect(told(file({ lab: null, target: 'https://a.example.com/', flow: '[{ get: https://b.example.com/ }]' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:2:15  flow[0].get
        expected  a path such as /cart, or a URL of https://a.example.com
        got       https://b.example.com/
        hint      Users talk to the target only."
    `);
  });

  it('knows the variables', () => {
    expect(
      told(
        file({
          flow: "[{ get: '/{{ user.nam }}/{{ color }}/{{ tokn }}', capture: { header: X-T, as: token } }, { post: /, json: { a: ['{{ gone }}'] } }]",
          variables: '{ color: red }',
        }),
      ),
    ).toMatchInlineSnapshot(`
      "shop/shop.yml has 3 problems:

      shop/shop.yml:3:20  flow[0].get
        expected  a variable that is defined: user.id, user.name, color, token
        got       user.nam
        hint      Did you mean user.name?

      shop/shop.yml:3:47  flow[0].get
        expected  a variable that is defined: user.id, user.name, color, token
        got       tokn
        hint      Did you mean token?

      shop/shop.yml:3:123  flow[1].json.a[0]
        expected  a variable that is defined: user.id, user.name, color, token
        got       gone
        hint      Define it under variables, as a field of a payload, or with capture."
    `);
    expect(
      told(file({ flow: "[{ get: '/{{ a b }}' }, { post: /, body: 'x {{ y' }]", variables: '{ 1a: [x], b: [] }' })),
    ).toMatchInlineSnapshot(`
      "shop/shop.yml has 4 problems:

      shop/shop.yml:3:15  flow[0].get
        expected  a path such as /cart
        got       '/{{ a b }}'
        hint      \`{{ a b }}\` is not the name of a variable: letters, digits, _, - and dots.

      shop/shop.yml:3:48  flow[1].body
        expected  a text, with {{ variables }} where you like
        got       'x {{ y'
        hint      \`{{\` opens a variable that is never closed with \`}}\`. For the braces themselves write {{ '{{' }}.

      shop/shop.yml:4:14  variables.1a
        expected  a variable name: letters, digits, _, - and dots
        got       1a

      shop/shop.yml:4:26  variables.b
        expected  a list of texts or numbers, not an empty one
        got       []"
    `);
  });

  it('wants one body', () => {
    expect(told(file({ flow: '[{ post: /, json: {}, form: { a: b } }]' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:3:29  flow[0].form
        expected  one body: json, form or body
        got       form
        hint      json is one already."
    `);
  });

  it('wants captures that can be made', () => {
    expect(
      told(
        file({
          flow: "[{ get: /, capture: [{ as: a }, { header: X, cookie: Y, as: b }, { regex: '(', as: c }, { regex: x, group: 1, as: d }, { json: 'a[*]', as: e }, { header: X, as: user.id }, { regexp: x, as: f }] }]",
        }),
      ),
    ).toMatchInlineSnapshot(`
      "shop/shop.yml has 7 problems:

      shop/shop.yml:3:28  flow[0].capture[0]
        expected  a capture: one of header, cookie, regex and json, and as
        got       { as: a }

      shop/shop.yml:3:39  flow[0].capture[1]
        expected  a capture: one of header, cookie, regex and json, and as
        got       { header: X, cookie: Y, as: b }
        hint      It has header and cookie: write two captures.

      shop/shop.yml:3:81  flow[0].capture[2].regex
        expected  a regular expression
        got       '('
        hint      Invalid regular expression: /(/: Unterminated group.

      shop/shop.yml:3:114  flow[0].capture[3].group
        expected  a group that the regex has
        got       1
        hint      It has none; 0 is the whole match.

      shop/shop.yml:3:134  flow[0].capture[4].json
        expected  a dotted path such as items[0].id
        got       'a[*]'
        hint      Names and indexes only, without wildcards and filters.

      shop/shop.yml:3:168  flow[0].capture[5].as
        expected  a name of your own
        got       user.id
        hint      Every user has user.id already.

      shop/shop.yml:3:181  flow[0].capture[6].regexp
        expected  one of the keys header, cookie, regex, group, json, as
        got       regexp
        hint      Write regex."
    `);
  });

  it('wants expectations that can be met', () => {
    expect(
      told(file({ flow: "[{ get: /, expect: { statusCode: 200, status: [200, 99], headers: { 'a b': x, c: '[' }, body: '(' } }]" })),
    ).toMatchInlineSnapshot(`
      "shop/shop.yml has 5 problems:

      shop/shop.yml:3:28  flow[0].expect.statusCode
        expected  one of the keys status, headers, body
        got       statusCode
        hint      Write status.

      shop/shop.yml:3:59  flow[0].expect.status[1]
        expected  a whole number from 100 to 599
        got       99

      shop/shop.yml:3:75  flow[0].expect.headers["a b"]
        expected  the name of a header
        got       'a b'
        hint      Letters, digits and !#$%&'*+.^_\`|~- only.

      shop/shop.yml:3:88  flow[0].expect.headers.c
        expected  a regular expression
        got       '['
        hint      Invalid regular expression: /[/: Unterminated character class.

      shop/shop.yml:3:101  flow[0].expect.body
        expected  a regular expression
        got       '('
        hint      Invalid regular expression: /(/: Unterminated group."
    `);
  });

  it('wants loops that do something and steps that are reached', () => {
    expect(told(file({ flow: '[{ loop: [{ think: 1s }] }, { get: / }]' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has 2 problems:

      shop/shop.yml:3:16  flow[0].loop
        expected  a loop with at least one request, such as get: /
        got       [{ think: 1s }]

      shop/shop.yml:3:35  flow[1]
        expected  a step that is reached
        got       { get: / }
        hint      The loop before it (step 1) goes on for ever: give it count or over, or make it the last step."
    `);
    expect(told(file({ flow: '[{ think: 1s }]' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:3:7  flow
        expected  a flow with at least one request, such as get: /
        got       [{ think: 1s }]"
    `);
    expect(told(file({ flow: '[{ loop: [] }, { loop: [{ get: / }], count: 0, over: 1 }]' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has 4 problems:

      shop/shop.yml:3:16  flow[0].loop
        expected  a list of steps, not an empty one
        got       []

      shop/shop.yml:3:22  flow[1]
        expected  a step that is reached
        got       a mapping
        hint      The loop before it (step 1) goes on for ever: give it count or over, or make it the last step.

      shop/shop.yml:3:51  flow[1].count
        expected  a whole number of rounds, 1 or more
        got       0

      shop/shop.yml:3:60  flow[1].over
        expected  a duration such as 200ms, 5s, 1m30s or 2h, above 0
        got       1
        hint      Give the unit: 1s or 1ms."
    `);
  });

  it('lets users of the open model leave', () => {
    expect(told(file({ phases: '[{ duration: 3s, arrivalRate: 5/s }]', flow: '[{ loop: [{ get: / }] }]' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:3:10  flow[0].loop
        expected  a loop with count or over
        got       loop
        hint      In the open model a user plays the flow once and leaves: end the loop with count: 10 or over: 30s."
    `);
  });

  it('wants scenarios with names of their own', () => {
    expect(
      told(file({ flow: null, scenarios: '[{ name: a, flow: [{ get: / }] }, { name: a, wieght: 2, flow: [{ gte: / }] }]' })),
    ).toMatchInlineSnapshot(`
      "shop/shop.yml has 3 problems:

      shop/shop.yml:3:54  scenarios[1].name
        expected  a name of its own for each scenario
        got       a
        hint      scenarios[0] has it already.

      shop/shop.yml:3:57  scenarios[1].wieght
        expected  one of the keys name, weight, flow
        got       wieght
        hint      Did you mean weight?

      shop/shop.yml:3:77  scenarios[1].flow[0].gte
        expected  one of the keys get, post, put, patch, delete, head, options, name, op, key, headers, json, form, body, capture, expect, think, loop, count, over, pace
        got       gte
        hint      Did you mean get?"
    `);
  });
});

describe('problems of faults', () => {
  it('wants known targets and times within the run', () => {
    expect(
      told(file({ faults: '[{ at: 30s, kill: tomcat01 }, { at: 5s, kill: tomcat1 }, { at: 5s, pause: store }]' })),
    ).toMatchInlineSnapshot(`
      "shop/shop.yml has 3 problems:

      shop/shop.yml:4:16  faults[0].at
        expected  a time within the run, before 30s
        got       30s
        hint      The phases last 30s together.

      shop/shop.yml:4:55  faults[1].kill
        expected  one of tomcat01, tomcat02, balancer
        got       tomcat1
        hint      Did you mean tomcat01?

      shop/shop.yml:4:83  faults[2].pause
        expected  one of tomcat01, tomcat02, balancer
        got       store
        hint      This strategy has no store: each backend keeps its own sessions."
    `);
  });

  it('wants one kind, and what belongs to it', () => {
    expect(
      told(
        file({
          faults:
            '[{ at: 1s }, { at: 1s, kill: tomcat01, stop: tomcat02 }, { at: 2s, restart: tomcat01, for: 2s }, { at: 3s, kill: tomcat02, for: 1s, undo: x, target: y }, { kill: tomcat01 }]',
        }),
      ),
    ).toMatchInlineSnapshot(`
      "shop/shop.yml has 7 problems:

      shop/shop.yml:4:10  faults[0]
        expected  a fault with one of the keys kill, stop, pause, restart, exec, http
        got       { at: 1s }

      shop/shop.yml:4:48  faults[1].stop
        expected  one kind per fault
        got       stop
        hint      kill is one already; begin a new fault for stop.

      shop/shop.yml:4:72  faults[2].at
        expected  a time when tomcat01 is not hurt already
        got       2s
        hint      tomcat01 is hurt by faults[1] then.

      shop/shop.yml:4:95  faults[2].for
        expected  no duration for a restart
        got       for
        hint      It starts again at once. To keep it down, write stop or kill.

      shop/shop.yml:4:141  faults[3].undo
        expected  no undo for kill
        got       undo
        hint      A lab heals its own processes when \`for\` is over.

      shop/shop.yml:4:150  faults[3].target
        expected  the target after kill, as in kill: y
        got       target

      shop/shop.yml:4:163  faults[4].at
        expected  a duration such as 200ms, 5s, 1m30s or 2h
        got       nothing"
    `);
  });

  it('wants an undo of the same kind', () => {
    expect(
      told(
        file({
          faults:
            '[{ at: 1s, exec: a, undo: { post: http://x/ } }, { at: 1s, http: { post: http://x/ }, undo: b }, { at: 1s, http: { post: x, get: http://y/ } }]',
        }),
      ),
    ).toMatchInlineSnapshot(`
      "shop/shop.yml has 3 problems:

      shop/shop.yml:4:35  faults[0].undo
        expected  a shell command, as exec is one
        got       { post: http://x/ }

      shop/shop.yml:4:101  faults[1].undo
        expected  a request such as { post: https://admin.example.com/down }, as http is one
        got       b

      shop/shop.yml:4:130  faults[2].http.post
        expected  an http or https URL
        got       x
        hint      Write https://x or http://x."
    `);
  });

  it('does not hurt what is hurt already', () => {
    expect(
      told(file({ faults: '[{ at: 5s, kill: tomcat01, for: 10s }, { at: 9s, pause: tomcat01, for: 1s }, { at: 16s, stop: tomcat01 }]' })),
    ).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:4:54  faults[1].at
        expected  a time when tomcat01 is not hurt already
        got       9s
        hint      tomcat01 is hurt by faults[0] then."
    `);
  });

  it('leaves processes of others alone', () => {
    expect(told(file({ lab: null, target: 'http://127.0.0.1:8080', faults: '[{ at: 1s, kill: tomcat01 }]' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:4:20  faults[0].kill
        expected  exec or http, for the target is your own
        got       kill
        hint      stickybench hurts only processes that it started itself; let a command or a request kill it."
    `);
    expect(
      told(file({ lab: null, target: '{ url: http://127.0.0.1:8080, backends: [a1, b1] }', faults: '[{ at: 1s, exec: x, target: a2 }]' })),
    ).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:4:37  faults[0].target
        expected  one of a1, b1, store, balancer
        got       a2"
    `);
  });
});

describe('problems of thresholds', () => {
  it('suggests measures, labels and values', () => {
    expect(
      told(
        file({
          faults: '[{ at: 1s, kill: tomcat01 }]',
          thresholds: `
  affinity.corectness: value==1
  uptime: value==1
  'session.lost{cuase:spurious}': count==0
  'session.lost{cause:spurios}': count==0
  'session.loss_rate{fault:1,group:hurts}': value==0
  'latency.felt{phase:phase-2,backend:tomcat03}': p(99)<1s
  'latency.felt{quantile:0.99}': value<1s
  'safety.leaks{cause:x}': count==0
  'session.lost{cause}': count==0
  'session.lost{cause:spurious': count==0`,
        }),
      ),
    ).toMatchInlineSnapshot(`
      "shop/shop.yml has 12 problems:

      shop/shop.yml:6:3  thresholds["affinity.corectness"]
        expected  the name of a measure
        got       affinity.corectness
        hint      Did you mean affinity.correctness?

      shop/shop.yml:7:3  thresholds.uptime
        expected  the name of a measure
        got       uptime
        hint      There are requests.total, requests.ok, requests.failed, requests.unknown, throughput.ok, latency.felt, latency.served, affinity.correctness, affinity.raw, affinity.eligible, affinity.violations, affinity.justified, affinity.switches, affinity.sticky_users, session.created, session.lost, session.expired, session.echoes, session.forks, session.orphans, session.dormant, session.loss_rate, safety.leaks, balance.peak_to_mean, balance.cv, balance.jain, balance.effective_nodes, balance.load, generator.lag, generator.late, generator.unstarted, generator.utilisation.

      shop/shop.yml:8:17  thresholds["session.lost{cuase:spurious}"]
        expected  one of the labels of session.lost: cause
        got       cuase
        hint      Did you mean cause?

      shop/shop.yml:9:23  thresholds["session.lost{cause:spurios}"]
        expected  one of the values of cause: store, failover, failback, membership, egress, rotation_race, fork, overload, spurious
        got       spurios
        hint      Did you mean spurious?

      shop/shop.yml:10:28  thresholds["session.loss_rate{fault:1,group:hurts}"]
        expected  one of the values of fault: 0
        got       1
        hint      Faults are numbered from 0, in the order of the file.

      shop/shop.yml:10:36  thresholds["session.loss_rate{fault:1,group:hurts}"]
        expected  one of the values of group: hurt, control
        got       hurts
        hint      Did you mean hurt?

      shop/shop.yml:11:23  thresholds["latency.felt{phase:phase-2,backend:tomcat03}"]
        expected  one of the values of phase: phase-1
        got       phase-2
        hint      Did you mean phase-1?

      shop/shop.yml:11:39  thresholds["latency.felt{phase:phase-2,backend:tomcat03}"]
        expected  one of the values of backend: tomcat01, tomcat02
        got       tomcat03
        hint      Did you mean tomcat01?

      shop/shop.yml:12:17  thresholds["latency.felt{quantile:0.99}"]
        expected  quantiles and statistics in the condition
        got       quantile
        hint      Write ['p(99)<400ms'] or ['max<1s'].

      shop/shop.yml:13:17  thresholds["safety.leaks{cause:x}"]
        expected  no label: safety.leaks has none
        got       cause:x

      shop/shop.yml:14:17  thresholds["session.lost{cause}"]
        expected  labels as name:value
        got       cause
        hint      As in {cause:…}.

      shop/shop.yml:15:3  thresholds["session.lost{cause:spurious"]
        expected  a measure, with labels in braces where needed
        got       'session.lost{cause:spurious'
        hint      As in session.lost{cause:spurious}."
    `);
  });

  it('wants the labels without which a measure does not exist', () => {
    expect(
      told(file({ thresholds: "{ balance.cv: value<1, 'balance.load{by:users,window:before}': count<9, session.dormant: count==0 }" })),
    ).toMatchInlineSnapshot(`
      "shop/shop.yml has 3 problems:

      shop/shop.yml:4:15  thresholds["balance.cv"]
        expected  balance.cv with the labels by and window
        got       balance.cv
        hint      As in balance.cv{by:requests,window:whole}.

      shop/shop.yml:4:36  thresholds["balance.load{by:users,window:before}"]
        expected  balance.load with the labels by and window and backend
        got       'balance.load{by:users,window:before}'
        hint      As in balance.load{by:users,window:before,backend:tomcat01}.

      shop/shop.yml:4:85  thresholds["session.dormant"]
        expected  session.dormant with the labels fault
        got       session.dormant
        hint      As in session.dormant{fault:0}."
    `);
  });

  it('wants an aggregate that fits the measure', () => {
    expect(
      told(
        file({
          thresholds:
            '{ latency.felt: [value<1s, count==0, p99<1s, avg<1s, med<1s, p(0)<1s, p(101)<1s], session.lost: [rate<0.1, p(50)<1], affinity.raw: [count==0, max<1], generator.utilisation: [value<1] }',
        }),
      ),
    ).toMatchInlineSnapshot(`
      "shop/shop.yml has 12 problems:

      shop/shop.yml:4:30  thresholds["latency.felt"][0]
        expected  one of p(…), min, mean, max for latency.felt
        got       value
        hint      It is a distribution.

      shop/shop.yml:4:40  thresholds["latency.felt"][1]
        expected  one of p(…), min, mean, max for latency.felt
        got       count
        hint      It is a distribution.

      shop/shop.yml:4:50  thresholds["latency.felt"][2]
        expected  one of value, count, rate, min, mean, max, p(99)
        got       p99
        hint      Write p(99).

      shop/shop.yml:4:58  thresholds["latency.felt"][3]
        expected  one of value, count, rate, min, mean, max, p(99)
        got       avg
        hint      Write mean.

      shop/shop.yml:4:66  thresholds["latency.felt"][4]
        expected  one of value, count, rate, min, mean, max, p(99)
        got       med
        hint      Write p(50).

      shop/shop.yml:4:74  thresholds["latency.felt"][5]
        expected  one of value, count, rate, min, mean, max, p(99)
        got       p(0)
        hint      A percentile lies above 0 and goes to 100.

      shop/shop.yml:4:83  thresholds["latency.felt"][6]
        expected  one of value, count, rate, min, mean, max, p(99)
        got       p(101)
        hint      A percentile lies above 0 and goes to 100.

      shop/shop.yml:4:110  thresholds["session.lost"][0]
        expected  one of value, count for session.lost
        got       rate
        hint      It counts events.

      shop/shop.yml:4:120  thresholds["session.lost"][1]
        expected  one of value, count for session.lost
        got       p(50)
        hint      It counts events.

      shop/shop.yml:4:145  thresholds["affinity.raw"][0]
        expected  one of value, rate for affinity.raw
        got       count
        hint      It is one number, a fraction.

      shop/shop.yml:4:155  thresholds["affinity.raw"][1]
        expected  one of value, rate for affinity.raw
        got       max
        hint      It is one number, a fraction.

      shop/shop.yml:4:187  thresholds["generator.utilisation"][0]
        expected  one of min, mean, max for generator.utilisation
        got       value
        hint      It is a series over time."
    `);
  });

  it('wants a comparison and a limit in the unit of the measure', () => {
    expect(
      told(
        file({
          thresholds:
            "{ latency.felt: [p(99)<400, 'p(99) < 1 s', p(99)], affinity.raw: [value>=99, value>=99.5%, value>=101%, value=1, value===1], session.lost: [count<1%, count<x], throughput.ok: [rate>100/s, rate>100/week], requests.total: [], safety.leaks: [{ threshold: count==0 }] }",
        }),
      ),
    ).toMatchInlineSnapshot(`
      "shop/shop.yml has 12 problems:

      shop/shop.yml:4:36  thresholds["latency.felt"][0]
        expected  a duration such as 400ms
        got       400
        hint      Give the unit: 400s or 400ms.

      shop/shop.yml:4:50  thresholds["latency.felt"][1]
        expected  a duration such as 400ms
        got       1 s
        hint      Write 1s.

      shop/shop.yml:4:56  thresholds["latency.felt"][2]
        expected  a condition such as p(99)<400ms
        got       p(99)
        hint      Aggregate, comparison, limit.

      shop/shop.yml:4:86  thresholds["affinity.raw"][0]
        expected  a fraction from 0 to 1, or a percentage
        got       99
        hint      Write 0.99 or 99%.

      shop/shop.yml:4:111  thresholds["affinity.raw"][2]
        expected  a fraction from 0 to 1, or a percentage
        got       101%

      shop/shop.yml:4:122  thresholds["affinity.raw"][3]
        expected  one of <, <=, >, >=, ==, !=
        got       =
        hint      Write ==.

      shop/shop.yml:4:131  thresholds["affinity.raw"][4]
        expected  one of <, <=, >, >=, ==, !=
        got       ===
        hint      Write ==.

      shop/shop.yml:4:159  thresholds["session.lost"][0]
        expected  a number
        got       1%
        hint      It is no share but counts events.

      shop/shop.yml:4:169  thresholds["session.lost"][1]
        expected  a number
        got       x

      shop/shop.yml:4:206  thresholds["throughput.ok"][1]
        expected  a rate such as 100/s
        got       100/week
        hint      Rates are per s, min or h.

      shop/shop.yml:4:233  thresholds["requests.total"]
        expected  a condition, such as ['count==0']
        got       []

      shop/shop.yml:4:252  thresholds["safety.leaks"][0]
        expected  a condition such as 'count==0', or a list of them
        got       { threshold: count==0 }
        hint      Conditions are plain texts."
    `);
  });
});

describe('problems of payloads', () => {
  it('has none for a sound file', () => {
    expect(told(file({ payload: '{ path: users.csv }', flow: "[{ post: '/login?u={{ login }}' }]" }))).toBe('no problem');
  });

  it('says which files cannot be read', () => {
    expect(told(file({ payload: '[{ path: users.csv }, { path: none.csv }]' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/shop.yml:4:40  payload[1].path
        expected  a CSV file that can be read, at shop/none.csv
        got       none.csv
        hint      There is no such file. Paths are relative to the workload file."
    `);
  });

  it('points into the CSV file', () => {
    expect(told(file({ payload: '{ path: semicolons.csv, fields: [login, password] }' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has 2 problems:

      shop/semicolons.csv:1:1
        expected  2 cells: login, password
        got       1 cell
        hint      Columns are separated by commas.

      shop/semicolons.csv:2:1
        expected  2 cells: login, password
        got       1 cell
        hint      Columns are separated by commas."
    `);
    expect(told(file({ payload: '{ path: short.csv }' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/short.csv:2:1
        expected  2 cells: login, password
        got       1 cell"
    `);
    expect(told(file({ payload: '{ path: quote.csv }' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/quote.csv:2:1
        expected  a cell whose quotes close
        got       a quote that never closes
        hint      Double a quote inside a cell: ""."
    `);
    expect(told(file({ payload: '{ path: header.csv }' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has 2 problems:

      shop/header.csv:1:1
        expected  names of columns: letters, digits, _, - and dots
        got       "pass word"
        hint      The first line names the columns, unless the payload has fields.

      shop/header.csv:1:1
        expected  names of columns that differ
        got       login twice"
    `);
    expect(told(file({ payload: '{ path: lonely.csv }' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/lonely.csv:1:1
        expected  rows below the names of the columns
        got       none"
    `);
    expect(told(file({ payload: '{ path: empty.csv }' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has a problem:

      shop/empty.csv:1:1
        expected  rows of comma-separated values
        got       an empty file"
    `);
  });

  it('knows keys of other tools', () => {
    expect(told(file({ payload: '{ path: users.csv, skipHeader: true, order: rnd }' }))).toMatchInlineSnapshot(`
      "shop/shop.yml has 2 problems:

      shop/shop.yml:4:29  payload.skipHeader
        expected  one of the keys path, fields, order
        got       skipHeader
        hint      A first line that repeats the fields is skipped by itself.

      shop/shop.yml:4:54  payload.order
        expected  one of sequence, random
        got       rnd"
    `);
  });
});
