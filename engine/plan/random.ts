// Random numbers that depend on the seed, the user and the purpose, and on nothing else: the same plan on any number of workers.

/** What a stream is for. Streams of different purposes are independent, so that drawing more of one never shifts another. */
export type Purpose = 'arrivals' | 'egress' | 'think' | 'variables';

const PURPOSES: Readonly<Record<Purpose, number>> = { arrivals: 1, egress: 2, think: 3, variables: 4 };

/** The user number under which streams that belong to no user are seeded. */
export const NOBODY = 0xffff_ffff;

/** State of a generator: sfc32 (Chris Doty-Humphrey, PractRand), period at least 2^32. Four 32-bit integers. */
export interface Random {
  a: number;
  b: number;
  c: number;
  counter: number;
}

/** Opens the stream of a user for a purpose. */
export function random(seed: number, user: number, purpose: Purpose): Random {
  const stream = { a: 0, b: 0, c: 0, counter: 0 };
  begin(stream, seed, user, purpose);
  return stream;
}

/** Sets a generator to the beginning of a user's stream. Its counter is then not 0, nor is it again for 2^32 draws. */
export function begin(stream: Random, seed: number, user: number, purpose: Purpose): void {
  const low = seed | 0;
  const high = Math.floor(seed / 0x1_0000_0000) | 0;
  stream.a = scramble(low ^ 0x9e37_79b9);
  stream.b = scramble(user ^ scramble(high));
  stream.c = scramble(PURPOSES[purpose]);
  stream.counter = 1;
  for (let round = 0; round < 12; round += 1) bits(stream);
}

/** Uniform in [0, 1), in steps of 2^-32. */
export function uniform(stream: Random): number {
  return (bits(stream) >>> 0) / 0x1_0000_0000;
}

/** Exponential with the given mean, by inversion: -mean ln(1 - u). Never infinite. */
export function exponential(stream: Random, mean: number): number {
  return -mean * Math.log(1 - uniform(stream));
}

/** A whole number, all of 0 .. count - 1 equally likely (to within count / 2^32). */
export function pick(stream: Random, count: number): number {
  return Math.floor(uniform(stream) * count);
}

/** Mixes the bits of a 32-bit integer: the finaliser of MurmurHash3 (Austin Appleby), a bijection. */
export function scramble(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return mixed ^ (mixed >>> 16);
}

function bits(stream: Random): number {
  const sum = (((stream.a + stream.b) | 0) + stream.counter) | 0;
  stream.counter = (stream.counter + 1) | 0;
  stream.a = stream.b ^ (stream.b >>> 9);
  stream.b = (stream.c + (stream.c << 3)) | 0;
  stream.c = (((stream.c << 21) | (stream.c >>> 11)) + sum) | 0;
  return sum;
}
