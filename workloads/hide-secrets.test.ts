import { describe, expect, it } from 'vitest';
import type { Workload } from '../model/workload.ts';
import { hideSecrets, hideUrl } from './hide-secrets.ts';
import { parseWorkload } from './parse-workload.ts';
import { writeWorkload } from './write-workload.ts';

const TEXT = `target: https://ann:pa55@shop.example.com/app?key=v&api_key=k3y
phases: [{ duration: 1s }]
flow:
  - { post: /login, form: { user: ann, password: hunter2, again: '{{ pin }}' } }
  - { post: /login, form: { user: ann, passwd: '{{ user.id }}-SEK2', pass: '{{ hidden }}', "pwd": "'a'SEK3" } }
  - { post: '/login?next=/a&token=SEK5{{ user.id }}', json: { password: 'SEK4{{ user.name }}', pin: 1234, tokens: [SEK6], id: '{{ color }}' } }
  - { post: /raw, body: 'secret=SEK7&user=ann', headers: { X-Authorization: 'Basic SEK8', X-Auth: '{{ badge }}' } }
  - loop:
      - { post: /api, json: { apiKey: k3y, deep: { accessToken: 't0k"en', note: hello } }, headers: { X-Api-Key: k3y, Accept: '*/*' } }
    count: 1
http: { headers: { Authorization: 'Bearer s3cret', Proxy-Authorization: 'Basic s3cret', Referer: 'https://bob:s3cret@example.com/' } }
variables: { pin: ['1234'], color: [red], hidden: [SEK9], badge: [SEK10] }
faults:
  - { at: 0, http: { post: 'https://joe:SEK11@admin.example.com/down?token=SEK12&node=a' }, undo: { post: 'https://joe:SEK11@admin.example.com/up' } }
  - { at: 0, exec: 'systemctl stop a', undo: 'systemctl start a' }
`;

function workload(): Workload {
  const parsed = parseWorkload(TEXT, 'shop.yml', () => '');
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.workload;
}

describe('hiding secrets', () => {
  const written = writeWorkload(hideSecrets(workload()));

  it('leaves none in the text', () => {
    expect(written.match(/pa55|hunter2|k3y|t0k|s3cret|1234|SEK\d*/g)).toBe(null);
  });

  it('leaves everything else, and values that only name a variable', () => {
    const lines = written.split('\n').filter((line) => /\*\*\*|\{\{/.test(line));
    expect(lines.map((line) => line.trim())).toMatchInlineSnapshot(`
      [
        "url: https://***@shop.example.com/app?key=v&api_key=***",
        "Authorization: "***"",
        "Proxy-Authorization: "***"",
        "Referer: https://***@example.com/",
        "body: user=ann&password=***&again={{ pin }}",
        "body: user=ann&passwd=***&pass={{ hidden }}&pwd=***",
        "- post: /login?next=/a&token=***",
        "body: '{"password":"***","pin":"***","tokens":"***","id":"{{ color }}"}'",
        "X-Authorization: "***"",
        "X-Auth: "{{ badge }}"",
        "body: secret=***&user=ann",
        "X-Api-Key: "***"",
        "body: '{"apiKey":"***","deep":{"accessToken":"***","note":"hello"}}'",
        "- "***"",
        "- "***"",
        "- "***"",
        "post: https://***@admin.example.com/down?token=***&node=a",
        "post: https://***@admin.example.com/up",
      ]
    `);
  });

  it('leaves a workload that can be read', () => {
    expect(Object.keys(parseWorkload(written, 'again.yml', () => ''))).toEqual(['workload']);
  });

  it('blots the values of variables that are used as secrets', () => {
    expect(hideSecrets(workload()).variables).toEqual({ pin: ['***'], color: ['red'], hidden: ['***'], badge: ['***'] });
  });

  it('does so in a URL', () => {
    expect(hideUrl('https://joe:SECRET@host:8443/app')).toBe('https://***@host:8443/app');
    expect(hideUrl('http://127.0.0.1:8080')).toBe('http://127.0.0.1:8080');
  });
});
