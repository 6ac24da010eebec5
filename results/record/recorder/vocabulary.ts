// What a source has numbered, and which numbers the same things have in the row group being filled.

import type { Batch, Ending, Title } from '../batch.ts';
import type { Rows } from './rows.ts';

export interface Vocabulary {
  /** Takes in what the batch says is new. */
  learn(batch: Batch): void;
  /** The number in the rows of what has this number at the source. */
  title(rows: Rows, number: number): number;
  bearer(rows: Rows, number: number): number;
  ending(rows: Rows, number: number): number;
  /** -1 stays -1: it is null. */
  text(rows: Rows, number: number): number;
}

export function createVocabulary(): Vocabulary {
  const known = { texts: [] as string[], titles: [] as Title[], bearers: [] as number[], endings: [] as Ending[] };
  const text = translation((rows, number) => rows.words.addText(told(known.texts, number)));
  const title = translation((rows, number) => rows.words.addTitle(told(known.titles, number)));
  const ending = translation((rows, number) => rows.words.addEnding(told(known.endings, number)));
  const bearer = translation((rows, number) => {
    const own = (place: number): number => text.of(rows, told(known.bearers, 4 * number + place));
    return rows.words.addBearer(own(0), own(1), own(2), own(3));
  });
  return {
    learn(batch) {
      if (batch.anew) {
        for (const words of Object.values(known)) words.length = 0;
        for (const one of [text, title, ending, bearer]) one.forget();
      }
      for (const one of batch.texts) known.texts.push(one);
      for (const one of batch.titles) known.titles.push(one);
      for (const one of batch.bearers) known.bearers.push(one);
      for (const one of batch.endings) known.endings.push(one);
    },
    text: text.of,
    title: title.of,
    bearer: bearer.of,
    ending: ending.of,
  };
}

interface Translation {
  of(rows: Rows, number: number): number;
  forget(): void;
}

/** `add` gives a thing its number in the rows; it is asked once for each filling of the rows. */
function translation(add: (rows: Rows, number: number) => number): Translation {
  let numbers = new Int32Array(64).fill(-1);
  let filling = -1;

  function file(rows: Rows, number: number): number {
    if (number >= numbers.length) {
      const longer = new Int32Array(number * 2).fill(-1);
      longer.set(numbers);
      numbers = longer;
    }
    const its = add(rows, number);
    numbers[number] = its;
    return its;
  }

  return {
    of(rows, number) {
      if (number < 0) return -1;
      if (rows.filling !== filling) {
        filling = rows.filling;
        numbers.fill(-1);
      }
      const its = number < numbers.length ? (numbers[number] as number) : -1;
      return its >= 0 ? its : file(rows, number);
    },
    forget: () => void numbers.fill(-1),
  };
}

function told<Word>(words: readonly Word[], number: number): Word {
  const word = words[number];
  if (word === undefined) throw new Error(`a batch names number ${number} of something of which ${words.length} were told`);
  return word;
}
