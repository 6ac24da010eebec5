import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCsv } from './csv.ts';

describe('csv', () => {
  it('reads rows with the lines they begin on', () => {
    expect(parseCsv('user,password\nann, secret \n\nbob,x\n')).toEqual({
      rows: [
        { line: 1, cells: ['user', 'password'] },
        { line: 2, cells: ['ann', 'secret'] },
        { line: 4, cells: ['bob', 'x'] },
      ],
      unclosed: null,
    });
  });

  it('reads quotes, line breaks inside them, CRLF and a byte order mark', () => {
    expect(parseCsv('\ufeff"a ""b""","c,d"\r\n"two\nlines",x\r\nlast,')).toEqual({
      rows: [
        { line: 1, cells: ['a "b"', 'c,d'] },
        { line: 2, cells: ['two\nlines', 'x'] },
        { line: 4, cells: ['last', ''] },
      ],
      unclosed: null,
    });
  });

  it('says where a quote opens that never closes', () => {
    expect(parseCsv('a,b\nc,"d\ne\n')).toEqual({ rows: [{ line: 1, cells: ['a', 'b'] }], unclosed: 2 });
  });

  it('reads back any cells that are quoted', () => {
    const cells = fc.array(fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(cells, (rows) => {
        const text = rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\n');
        expect(parseCsv(text).rows.map((row) => row.cells)).toEqual(rows);
      }),
    );
  });
});
