// A report as headings, tables and lists, before anyone decides whether it goes to a terminal, a Markdown file or a page.

import type { Verdict } from '../../model/measure.ts';
import { NOT_OBSERVABLE } from './measure-text.ts';

/** What a text says beyond its words. Looks may show it; none may need it. */
export type Tone = 'plain' | 'quiet' | Verdict;

export interface Cell {
  readonly text: string;
  readonly tone: Tone;
}

export interface Column {
  readonly head: string;
  readonly align: 'left' | 'right';
  /** May be left out where room is short. */
  readonly optional: boolean;
}

export interface Row {
  /** 0, or deeper for a part of the row above. */
  readonly level: number;
  /** One for each column; the first names the row. */
  readonly cells: readonly Cell[];
}

export interface Table {
  readonly kind: 'table';
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

export interface Item {
  readonly lead: string;
  readonly text: string;
  readonly tone: Tone;
}

/** Lines of a lead word and a text. */
interface Items {
  readonly kind: 'items';
  readonly items: readonly Item[];
}

interface Note {
  readonly kind: 'note';
  readonly text: string;
}

export type Block = Table | Items | Note;

export interface Section {
  readonly title: string;
  /** Said beside the title in a low voice; empty for nothing. */
  readonly aside: string;
  readonly blocks: readonly Block[];
}

export interface Document {
  readonly verdict: Verdict;
  readonly name: string;
  /** Why the verdict is not a pass; empty when it is. */
  readonly because: string;
  readonly answer: string;
  /** The set-up in one line. */
  readonly setting: string;
  readonly sections: readonly Section[];
}

/** A section of whose measures nothing was seen: one line says so. Why is for the doubts to say. */
export function unseen(title: string): Section {
  return { title, aside: NOT_OBSERVABLE, blocks: [] };
}

export function plain(text: string): Cell {
  return { text, tone: 'plain' };
}

export function quiet(text: string): Cell {
  return { text, tone: 'quiet' };
}

export function left(head: string): Column {
  return { head, align: 'left', optional: false };
}

export function right(head: string): Column {
  return { head, align: 'right', optional: false };
}
