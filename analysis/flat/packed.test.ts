import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pack, unpack } from './packed.ts';

describe('packed numbers', () => {
  it('are the source-map text of their differences', () => {
    expect(pack([0, 1, 1, 0, 16, -1])).toBe('ACADgBjB');
    expect(pack([])).toBe('');
  });

  it('come back as they were, the largest and the smallest too', () => {
    const whole = fc.oneof(fc.maxSafeNat(), fc.nat(), fc.constantFrom(Number.MAX_SAFE_INTEGER, 0, -1));
    fc.assert(
      fc.property(fc.array(whole), (numbers) => {
        expect([...unpack(pack(numbers))]).toEqual(numbers);
      }),
    );
  });

  it('come back however many they are', () => {
    const many = Float64Array.from({ length: 5000 }, (_, i) => i ** 4);
    expect(unpack(pack(many))).toEqual(many);
  });

  it('are not read from another text', () => {
    expect(() => unpack('AB?')).toThrow('not packed numbers: "?"');
    expect(() => unpack('Ag')).not.toThrow();
    expect(() => unpack('Aä')).toThrow('not packed numbers: "ä"');
  });
});
