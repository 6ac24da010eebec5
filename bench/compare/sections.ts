// The tables of the comparison: which clients do what, over how many connections.

import type { Door } from '../rig/target.ts';
import type { Page } from '../rig/workloads.ts';
import type { RowKey } from './rows.ts';

export type SectionKey =
  | 'keep-alive-64'
  | 'keep-alive-1000'
  | 'login-storm'
  | 'https'
  | 'new-connections'
  | 'new-tls-connections'
  | 'workers';

export interface Section {
  readonly key: SectionKey;
  readonly title: string;
  /** What is special about it, for people. */
  readonly about: string;
  readonly door: Exclude<Door, 'seen'>;
  readonly page: Page;
  readonly connections: number;
  /** What the cost is counted per. */
  readonly unit: 'request' | 'connection';
  /** The first is the yardstick of the others. */
  readonly rows: readonly RowKey[];
  /** Those of a quick comparison. */
  readonly quick: readonly RowKey[];
  /** How often each client has its turn; a quick comparison takes fewer. */
  readonly rounds: number;
  /** Cores of the client besides its own: the target's too, where a client is to have both. */
  readonly cores: 'own' | 'both';
}

export const SECTIONS: readonly Section[] = [
  {
    key: 'keep-alive-64',
    title: '64 connections',
    about: 'A closed loop over 64 kept-alive connections: each sends its next request when it has its answer.',
    door: 'http',
    page: 'visit',
    connections: 64,
    unit: 'request',
    cores: 'own',
    rows: [
      ...(['wrk', 'wrk-prepared', 'wrk-written', 'wrk-read', 'ab', 'h2load', 'hey', 'autocannon', 'autocannon-users'] as const),
      ...(['artillery', 'transport', 'stickybench', 'stickybench-recorded'] as const),
    ],
    quick: ['wrk', 'wrk-written', 'autocannon', 'autocannon-users', 'transport', 'stickybench', 'stickybench-recorded'],
    rounds: 5,
  },
  {
    key: 'keep-alive-1000',
    title: '1,000 connections',
    about: 'The same over 1,000 connections.',
    door: 'http',
    page: 'visit',
    connections: 1000,
    unit: 'request',
    cores: 'own',
    rows: ['wrk', 'wrk-written', 'h2load', 'autocannon', 'autocannon-users', 'transport', 'stickybench', 'stickybench-recorded'],
    quick: ['wrk', 'stickybench', 'stickybench-recorded'],
    rounds: 3,
  },
  {
    key: 'login-storm',
    title: 'Login storm',
    about:
      'Every answer sets a new session id, which a client with users must take and send next time. 64 connections. wrk alone takes no notice of it.',
    door: 'http',
    page: 'storm',
    connections: 64,
    unit: 'request',
    cores: 'own',
    rows: ['wrk', 'wrk-read', 'autocannon-users', 'artillery', 'stickybench', 'stickybench-recorded'],
    quick: ['wrk', 'autocannon-users', 'stickybench', 'stickybench-recorded'],
    rounds: 3,
  },
  {
    key: 'https',
    title: 'https',
    about:
      '64 kept-alive connections over TLS 1.3 with TLS_AES_128_GCM_SHA256 for all. stickybench verifies the self-signed certificate against the file it is given; the others verify nothing.',
    door: 'https',
    page: 'visit',
    connections: 64,
    unit: 'request',
    cores: 'own',
    rows: ['wrk', 'ab', 'h2load', 'hey', 'autocannon', 'stickybench', 'stickybench-recorded'],
    quick: ['wrk', 'stickybench', 'stickybench-recorded'],
    rounds: 3,
  },
  {
    key: 'new-connections',
    title: 'New connections',
    about: 'The target closes the connection after each answer; 64 at a time. The cost is that of a connection with its one request.',
    door: 'close',
    page: 'visit',
    connections: 64,
    unit: 'connection',
    cores: 'own',
    rows: ['wrk', 'ab', 'hey', 'autocannon', 'transport', 'stickybench', 'stickybench-recorded'],
    quick: ['wrk', 'transport', 'stickybench', 'stickybench-recorded'],
    rounds: 3,
  },
  {
    key: 'new-tls-connections',
    title: 'New connections over TLS',
    about: 'The same over TLS 1.3. Whether a handshake is whole or resumes an earlier session is up to the client.',
    door: 'https-close',
    page: 'visit',
    connections: 64,
    unit: 'connection',
    cores: 'own',
    rows: ['wrk', 'ab', 'hey', 'autocannon', 'stickybench', 'stickybench-recorded'],
    quick: [],
    rounds: 2,
  },
  {
    key: 'workers',
    title: 'Workers',
    about:
      'The client may use both cores, one of which it shares with the target: there are no free cores on this machine. What two workers gain here is what the target leaves of its core.',
    door: 'http',
    page: 'visit',
    connections: 64,
    unit: 'request',
    cores: 'both',
    rows: ['wrk', 'stickybench-recorded', 'stickybench-2-workers'],
    quick: [],
    rounds: 2,
  },
];
