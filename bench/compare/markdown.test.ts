import { expect, it } from 'vitest';
import { DOCUMENT } from './fixtures/document.ts';
import { markdown } from './markdown.ts';

it('prints a comparison with its targets, its tables and its doubts', async () => {
  await expect(markdown(DOCUMENT)).toMatchFileSnapshot('fixtures/bench.md');
});
