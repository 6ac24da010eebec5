import { describe, expect, it } from 'vitest';
import { didYouMean, nearest } from './nearest.ts';

describe('nearest', () => {
  const words = ['arrivalRate', 'rampTo', 'name', 'users', 'max_fails'];

  it.each([
    ['arivalRate', 'arrivalRate'],
    ['ramp_to', 'rampTo'],
    ['RAMPTO', 'rampTo'],
    ['nmae', 'name'],
    ['user', 'users'],
    ['maxFails', 'max_fails'],
  ])('takes %s for %s', (word, meant) => {
    expect(nearest(word, words)).toBe(meant);
  });

  it('is silent when nothing is near', () => {
    expect([nearest('banana', words), nearest('', words), nearest('v3', ['v1', 'v2'])]).toEqual([null, null, null]);
  });

  it('asks in a sentence', () => {
    expect([didYouMean('nmae', words), didYouMean('banana', words)]).toEqual(['Did you mean name?', '']);
  });
});
