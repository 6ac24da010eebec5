import { describe, expect, it } from 'vitest';
import { createStore } from './store.ts';

function storeAt() {
  let now = 0;
  const store = createStore(() => now);
  return { store, wait: (milliseconds: number) => (now += milliseconds) };
}

describe('the store', () => {
  it('inserts only what is not there and updates only what is', () => {
    const { store } = storeAt();
    expect([store.update('k', 'u', 100), store.insert('k', 'i', 100), store.insert('k', 'j', 100), store.get('k')]).toEqual([
      false,
      true,
      false,
      'i',
    ]);
    expect([store.update('k', 'u', 100), store.get('k')]).toEqual([true, 'u']);
  });

  it('forgets a value when its life is over, and a touch gives it another', () => {
    const { store, wait } = storeAt();
    store.insert('k', 'v', 100);
    wait(99);
    expect([store.get('k'), store.touch('k', 100)]).toEqual(['v', true]);
    wait(99);
    expect(store.get('k')).toBe('v');
    wait(1);
    expect([store.get('k'), store.touch('k', 100), store.update('k', 'w', 100), store.insert('k', 'n', 100)]).toEqual([
      null,
      false,
      false,
      true,
    ]);
  });

  it('keeps for ever what has a life of 0', () => {
    const { store, wait } = storeAt();
    store.insert('k', 'v', 0);
    wait(1e12);
    store.purge();
    expect(store.get('k')).toBe('v');
  });

  it('renames with the rest of the life', () => {
    const { store, wait } = storeAt();
    store.insert('old', 'v', 100);
    wait(60);
    expect([store.rename('old', 'new'), store.get('old'), store.get('new'), store.rename('old', 'x')]).toEqual([true, null, 'v', false]);
    wait(40);
    expect(store.get('new')).toBe(null);
  });

  it('removes', () => {
    const { store } = storeAt();
    store.insert('k', 'v', 100);
    expect([store.remove('k'), store.remove('k'), store.get('k')]).toEqual([true, false, null]);
  });
});
