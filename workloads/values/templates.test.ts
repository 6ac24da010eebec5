import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTemplate, readTemplate } from './templates.ts';

describe('template', () => {
  it('separates literal pieces and variables', () => {
    expect(readTemplate('/item/{{ id }}?u={{user.id}}')).toEqual({
      ok: true,
      value: ['/item/', { variable: 'id' }, '?u=', { variable: 'user.id' }],
    });
  });

  it('has no pieces when the text is empty, and one when it has no variables', () => {
    expect([readTemplate(''), readTemplate('plain } {')]).toEqual([
      { ok: true, value: [] },
      { ok: true, value: ['plain } {'] },
    ]);
  });

  it('takes quoted braces for braces', () => {
    expect(readTemplate("a {{ '{{' }} b")).toEqual({ ok: true, value: ['a {{ b'] });
  });

  it('refuses what never closes and what is no name', () => {
    expect([readTemplate('{{ user.id'), readTemplate('{{ a b }}'), readTemplate('{{}}')]).toEqual([
      { ok: false, hint: "`{{` opens a variable that is never closed with `}}`. For the braces themselves write {{ '{{' }}." },
      { ok: false, hint: '`{{ a b }}` is not the name of a variable: letters, digits, _, - and dots.' },
      { ok: false, hint: '`{{}}` is not the name of a variable: letters, digits, _, - and dots.' },
    ]);
  });

  it('reads back what it writes, whatever the literal text', () => {
    const literal = fc.stringMatching(/^[{}'a ]{1,8}$/);
    const variable = fc.constantFrom('a', 'user.id', 'x-y_z').map((name) => ({ variable: name }));
    const pieces = fc.array(fc.tuple(literal, variable), { maxLength: 4 }).map((pairs) => pairs.flat());
    fc.assert(
      fc.property(pieces, (template) => {
        expect(readTemplate(formatTemplate(template))).toEqual({ ok: true, value: template });
      }),
    );
  });
});
