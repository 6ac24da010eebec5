import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsOf, padded, visible, wrap } from './visible.ts';

describe('visible', () => {
  it('writes out what a terminal would obey or hide', () => {
    expect(visible('a\u001b[2Jb\r\n\tc\u0000\u007f\u009b\u202e\u200b\ufeff\u2028\ud800')).toBe(
      'a\\u{1b}[2Jb\\u{d}\\u{a}\\u{9}c\\u{0}\\u{7f}\\u{9b}\\u{202e}\\u{200b}\\u{feff}\\u{2028}\\u{d800}',
    );
  });

  it('leaves letters, signs and pictures of every script alone', () => {
    const text = 'Tomcat 東京 café ñandú 😀 – … | ` <b>';
    expect(visible(text)).toBe(text);
  });
});

describe('columns', () => {
  it('are two for wide characters and none for combining marks', () => {
    expect(['abc', '東京', 'e\u0301', '😀', ''].map(columnsOf)).toEqual([3, 4, 1, 2, 0]);
  });

  it('are filled exactly', () => {
    expect([padded('ab', 4, 'left'), padded('ab', 4, 'right'), padded('abcdef', 4, 'left'), padded('東京都', 4, 'left')]).toEqual([
      'ab  ',
      '  ab',
      'abc…',
      '東… ',
    ]);
  });
});

describe('wrap', () => {
  it('breaks at blanks, and inside a word that is longer than a line', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('a abcdefghij', 4)).toEqual(['a', 'abcd', 'efgh', 'ij']);
    expect(wrap('', 4)).toEqual(['']);
  });

  it('keeps every word and never runs over', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme-ascii', minLength: 1 })), fc.integer({ min: 2, max: 40 }), (words, width) => {
        const lines = wrap(words.join(' '), width);
        expect(lines.filter((line) => columnsOf(line) > width)).toEqual([]);
        expect(lines.join('').replaceAll(' ', '')).toBe(words.join('').replaceAll(' ', ''));
      }),
    );
  });
});
