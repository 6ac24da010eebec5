import { describe, expect, it } from 'vitest';
import { at } from './json-path.ts';

const TEXT = '{"token":"t1","items":[{"id":7,"tags":["a","b"]},{"id":8}],"odd key":{"x":true},"none":null}';

describe('a path into JSON', () => {
  it('finds keys, indexes and quoted keys', () => {
    expect(
      ['token', '$.token', 'items[0].id', 'items[0].tags[1]', '["odd key"].x', "$['items'][1].id"].map((path) => at(TEXT, path)),
    ).toEqual(['t1', 't1', '7', 'b', 'true', '8']);
  });

  it('gives anything but a string as JSON', () => {
    expect(at(TEXT, 'items[0].tags')).toBe('["a","b"]');
    expect(at('[1,2]', '[1]')).toBe('2');
  });

  it('finds nothing where there is nothing', () => {
    expect(['none', 'missing', 'items[9].id', 'token.x', 'constructor', '__proto__'].map((path) => at(TEXT, path))).toEqual([
      null,
      null,
      null,
      null,
      null,
      null,
    ]);
    expect(at('<html>', 'token')).toBe(null);
  });
});
