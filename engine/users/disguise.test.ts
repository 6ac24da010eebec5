import { describe, expect, it } from 'vitest';
import { core, route } from '../../model/session.ts';
import { createDisguise } from './disguise.ts';

const disguise = createDisguise(new Uint8Array(32), (rest) => rest === 'tomcat01' || rest === 'tomcat02');

describe('the disguise of session ids', () => {
  it('hashes the core and shows a known route', () => {
    expect(disguise.session('ABCDEF.tomcat01')).toMatchInlineSnapshot(`"47164b170bd2439e.tomcat01"`);
    expect(route(disguise.session('ABCDEF.tomcat01'))).toBe('tomcat01');
  });

  it('hashes what follows the first dot when it is no route', () => {
    expect(disguise.session('s:ABC.secret.signature')).toMatch(/^[0-9a-f]{16}\.[0-9a-f]{8}$/);
    expect(disguise.session('ABC.')).toMatch(/^[0-9a-f]{16}\.[0-9a-f]{8}$/);
  });

  it('keeps ids comparable, and their cores', () => {
    expect(core(disguise.session('X.tomcat01'))).toBe(core(disguise.session('X.tomcat02')));
    expect(disguise.session('X')).toBe(core(disguise.session('X.tomcat02')));
    expect(core(disguise.session('Y.tomcat01'))).not.toBe(core(disguise.session('X.tomcat01')));
  });

  it('depends on the key, and hashes a nonce apart from ids', () => {
    const other = createDisguise(new Uint8Array(32).fill(1), () => false);
    expect(other.session('X')).not.toBe(disguise.session('X'));
    expect(disguise.owner('X')).toMatch(/^[0-9a-f]{12}$/);
    expect(disguise.session('X').startsWith(disguise.owner('X'))).toBe(false);
  });
});
