// How a user's source address behaves through a session.

import type { Micros } from './units.ts';

/**
 * An egress policy. Except under `shared`, every user has exits of his own, each in another /24.
 * - `fixed`: one address.
 * - `same24`: a new last octet after a time that is exponential with mean `every`.
 * - `per_connection`: each new connection picks an exit by weight; a connection lives for a time exponential with mean `lifetime`.
 * - `per_request`: each request picks an exit, all equally likely.
 * - `switch`: stays for a time exponential with mean `dwell`, then takes another of the exits.
 * - `pingpong`: at home for a time exponential with mean `gap`, then away for a time uniform in `away`, then home again.
 * - `shared`: all users of this policy share `exits` /24s, filled evenly or with Zipf(1) sizes.
 */
export type EgressPolicy =
  | { readonly policy: 'fixed' }
  | { readonly policy: 'same24'; readonly every: Micros }
  | { readonly policy: 'per_connection'; readonly exits: number; readonly weights: readonly number[]; readonly lifetime: Micros }
  | { readonly policy: 'per_request'; readonly exits: number }
  | { readonly policy: 'switch'; readonly exits: number; readonly dwell: Micros }
  | { readonly policy: 'pingpong'; readonly gap: Micros; readonly away: readonly [Micros, Micros] }
  | { readonly policy: 'shared'; readonly exits: number; readonly sizes: 'even' | 'zipf' };

/** One policy and its share of the users; shares are relative to the sum of all weights. */
export type EgressShare = EgressPolicy & { readonly weight: number };

/**
 * How the address is realised. `bind`: real source address of the socket. `header`: written into a request header.
 * `proxy_protocol`: PROXY protocol header (v1 text, v2 binary) at the start of each connection.
 */
export type EgressVia =
  | { readonly via: 'bind' }
  | { readonly via: 'header'; readonly header: string }
  | { readonly via: 'proxy_protocol'; readonly version: 1 | 2 };
