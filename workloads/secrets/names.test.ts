import { describe, expect, it } from 'vitest';
import { isSecretName } from './names.ts';

describe('a name', () => {
  it('tells of a secret', () => {
    const names = `password passwd pwd pass passphrase passcode userPass mypass new-password user[password] pin PIN pin_code userPin
      secret client_secret token accessToken csrf-token api_key apikey X-Api-Key api key auth X-Auth oauth Authorization X-Authorization
      Proxy-Authorization Cookie Set-Cookie credentials otp cvv jwt sid JSESSIONID session_id signature X-Amz-Signature private_key`.split(
      /\s+/,
    );
    expect(names.filter((name) => !isSecretName(name))).toEqual(['api', 'key']);
  });

  it('does not tell of one', () => {
    const names =
      'user author authors shipping spin pinned passenger passage compass bypass keyboard key session note Accept tokyo side'.split(' ');
    expect(names.filter(isSecretName)).toEqual([]);
  });
});
