import { describe, expect, it } from 'vitest';
import { hideSecrets } from './hide-secrets.ts';
import { parseWorkload } from './parse-workload.ts';
import { writeWorkload } from './write-workload.ts';

const TEXT = `target: https://ann:pa55@shop.example.com/app
phases: [{ duration: 1s }]
flow:
  - { post: /login, form: { user: ann, password: hunter2, again: '{{ pin }}' } }
  - loop:
      - { post: /api, json: { apiKey: k3y, deep: { accessToken: 't0k"en', note: hello } }, headers: { X-Api-Key: k3y, Accept: '*/*' } }
    count: 1
http: { headers: { Authorization: 'Bearer s3cret' } }
variables: { pin: ['1234'], color: [red] }
`;

describe('hiding secrets', () => {
  it('blots out what looks like one, and leaves a workload that can be read', () => {
    const parsed = parseWorkload(TEXT, 'shop.yml', () => '');
    if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
    const written = writeWorkload(hideSecrets(parsed.workload));
    const secrets = ['pa55', 'hunter2', 'k3y', 't0k', 's3cret', '1234'];
    expect(secrets.filter((secret) => written.includes(secret))).toEqual([]);
    const kept = ['shop.example.com/app', 'user=ann', 'password=***', '"note":"hello"', '"accessToken":"***"', 'Accept: "*/*"', '- red'];
    expect(kept.filter((text) => !written.includes(text))).toEqual([]);
    expect('workload' in parseWorkload(written, 'again.yml', () => '')).toBe(true);
  });
});
