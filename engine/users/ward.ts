// What is kept of users while they wait: rows of numbers and a few texts, because a million objects keep the garbage collector busy.

import { type Mint, sessionAlone } from './cookies.ts';
import type { Purse } from './purse.ts';
import type { Source } from './source.ts';
import type { User } from './user.ts';

/** What few users have: it is kept as it is. */
interface Belongings {
  readonly purse: Purse | null;
  readonly captured: Map<string, string> | null;
  readonly source: Source | null;
  readonly sessionText: string | null;
  readonly session: string | null;
}

/** Beds of a ward. They are made by the ward: one bed more is no reason to copy all others. */
export const WARD = 4096;

export interface Ward {
  /** Cells of a row. */
  readonly width: number;
  /** For each bed three times, then words, two to a cell of eight bytes, then the registers of the course: a row is read as a whole. */
  readonly cells: Float64Array;
  readonly words: Int32Array;
  readonly texts: (string | null)[];
  readonly belongings: (Belongings | null)[];
}

/** Times of a row. */
const DUE = 0;
const FREE = 1;
const LEAVE = 2;
const TIMES = 3;

/** Words of a row. */
const STATE = 0;
const NUMBER = 1;
const SEQ = 2;
const AT = 3;
const PROGRAM = 4;
const STAY = 5;
const REBUFFS = 6;
const BACKEND = 7;
const PATH = 8;
const COUNTER = 9;
const STREAM = 10;
const WORDS = 14;

const LARGEST_WORD = 0x7fff_ffff;

const CELLS = TIMES + WORDS / 2;

/** Bits of the state. */
const ASLEEP = 1;
const PRESENT = 2;
const BROKEN = 4;
/** He has belongings. */
const LADEN = 8;

/** Texts of a row. */
const EXIT = 0;
const ID = 1;
const TAG = 2;
const COOKIE_PATH = 3;
const OWNER_TEXT = 4;
const OWNER = 5;
const TEXTS = 6;

/** `registers`: most that a course has. */
export function createWard(registers: number): Ward {
  const width = CELLS + registers;
  const buffer = new ArrayBuffer(WARD * width * Float64Array.BYTES_PER_ELEMENT);
  return {
    width,
    cells: new Float64Array(buffer),
    words: new Int32Array(buffer),
    texts: new Array<string | null>(WARD * TEXTS).fill(null),
    belongings: new Array<Belongings | null>(WARD).fill(null),
  };
}

/** The user lies down in the bed at this place of the ward. */
export function keep(ward: Ward, place: number, user: User): void {
  const laden = isLaden(user);
  keepNumbers(ward, place, user, laden ? ASLEEP | LADEN : ASLEEP);
  keepTexts(ward, place, user);
  if (laden) ward.belongings[place] = belongingsOf(user);
}

/** The user who lies there gets up, as this object. */
export function fetch(ward: Ward, place: number, user: User, mint: Mint): void {
  const state = fetchNumbers(ward, place, user);
  ward.words[wordOf(ward, place) + STATE] = 0;
  fetchTexts(ward, place, user, mint);
  fetchBelongings(ward, place, user, (state & LADEN) !== 0);
}

/** Tells the object what the numbers say of the user who lies there, and no more. */
export function visit(ward: Ward, place: number, user: User): void {
  fetchNumbers(ward, place, user);
}

/** Forgets the texts of a user who got up. */
export function clear({ texts }: Ward, place: number): void {
  texts.fill(null, place * TEXTS, (place + 1) * TEXTS);
}

/** Whether somebody lies there. */
export function isTaken(ward: Ward, place: number): boolean {
  return ((ward.words[wordOf(ward, place) + STATE] ?? 0) & ASLEEP) !== 0;
}

/** Where the words of a row begin. */
function wordOf({ width }: Ward, place: number): number {
  return 2 * (place * width + TIMES);
}

function keepNumbers(ward: Ward, place: number, user: User, state: number): void {
  const { cells, words, width } = ward;
  const { attendance, recent } = user;
  const { course, thinking } = attendance;
  const cell = place * width;
  cells[cell + DUE] = course.due;
  cells[cell + FREE] = course.free;
  cells[cell + LEAVE] = attendance.leave;
  const word = wordOf(ward, place);
  words[word + STATE] = state | (attendance.present ? PRESENT : 0) | (user.broken ? BROKEN : 0);
  words[word + NUMBER] = user.number;
  words[word + SEQ] = user.seq;
  words[word + AT] = course.at;
  words[word + PROGRAM] = attendance.program;
  words[word + STAY] = attendance.stay;
  words[word + REBUFFS] = user.rebuffs;
  words[word + BACKEND] = recent.backend;
  words[word + PATH] = recent.path;
  words[word + COUNTER] = recent.counter <= LARGEST_WORD ? recent.counter : -1;
  words[word + STREAM] = thinking.a;
  words[word + STREAM + 1] = thinking.b;
  words[word + STREAM + 2] = thinking.c;
  words[word + STREAM + 3] = thinking.counter;
  for (let register = CELLS; register < width; register += 1) cells[cell + register] = course.registers[register - CELLS] ?? 0;
}

/** Returns the state. */
function fetchNumbers(ward: Ward, place: number, user: User): number {
  const { cells, words, width } = ward;
  const { attendance, recent } = user;
  const { course, thinking } = attendance;
  const cell = place * width;
  course.due = cells[cell + DUE] ?? 0;
  course.free = cells[cell + FREE] ?? 0;
  attendance.leave = cells[cell + LEAVE] ?? 0;
  const word = wordOf(ward, place);
  const state = words[word + STATE] ?? 0;
  attendance.present = (state & PRESENT) !== 0;
  user.broken = (state & BROKEN) !== 0;
  user.number = words[word + NUMBER] ?? 0;
  attendance.number = user.number;
  user.seq = words[word + SEQ] ?? 0;
  course.at = words[word + AT] ?? 0;
  attendance.program = words[word + PROGRAM] ?? 0;
  attendance.stay = words[word + STAY] ?? 0;
  user.rebuffs = words[word + REBUFFS] ?? 0;
  recent.backend = words[word + BACKEND] ?? 0;
  recent.path = words[word + PATH] ?? 0;
  recent.counter = words[word + COUNTER] ?? 0;
  thinking.a = words[word + STREAM] ?? 0;
  thinking.b = words[word + STREAM + 1] ?? 0;
  thinking.c = words[word + STREAM + 2] ?? 0;
  thinking.counter = words[word + STREAM + 3] ?? 0;
  for (let register = CELLS; register < width; register += 1) course.registers[register - CELLS] = cells[cell + register] ?? 0;
  return state;
}

function keepTexts({ texts }: Ward, place: number, { exit, wallet, recent }: User): void {
  const text = place * TEXTS;
  put(texts, text + EXIT, exit);
  put(texts, text + ID, wallet.alone === null ? null : wallet.alone.id);
  put(texts, text + TAG, wallet.alone === null ? null : wallet.alone.tag);
  put(texts, text + COOKIE_PATH, wallet.path);
  put(texts, text + OWNER_TEXT, recent.ownerText);
  put(texts, text + OWNER, recent.owner);
}

/** Most texts are there already, and each that is written has the garbage collector told of it. */
function put(texts: (string | null)[], place: number, text: string | null): void {
  if (texts[place] !== text) texts[place] = text;
}

function fetchTexts({ texts }: Ward, place: number, user: User, mint: Mint): void {
  const { wallet, recent } = user;
  const text = place * TEXTS;
  const id = texts[text + ID] ?? null;
  const tag = texts[text + TAG] ?? null;
  user.exit = texts[text + EXIT] ?? '';
  wallet.alone = id === null || tag === null ? null : sessionAlone(id, tag, mint);
  wallet.path = texts[text + COOKIE_PATH] ?? '/';
  recent.ownerText = texts[text + OWNER_TEXT] ?? null;
  recent.owner = texts[text + OWNER] ?? null;
}

function isLaden({ wallet, captured, source, recent }: User): boolean {
  return wallet.purse !== null || captured !== null || source !== null || recent.sessionText !== null;
}

function belongingsOf({ wallet, captured, source, recent }: User): Belongings {
  return { purse: wallet.purse, captured, source, sessionText: recent.sessionText, session: recent.session };
}

/** He takes them along. */
function fetchBelongings({ belongings }: Ward, place: number, user: User, laden: boolean): void {
  const { purse, captured, source, sessionText, session } = (laden ? belongings[place] : null) ?? NOTHING;
  if (laden) belongings[place] = null;
  user.captured = captured;
  user.source = source;
  user.wallet.purse = purse;
  user.recent.sessionText = sessionText;
  user.recent.session = session;
}

const NOTHING: Belongings = { purse: null, captured: null, source: null, sessionText: null, session: null };
