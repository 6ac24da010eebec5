// Opens sockets to the target, plain or TLS, from the right source, all reading into one shared buffer.

import { connect, isIP, isIPv6, type OnReadOpts, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, createSecureContext, rootCertificates, type TLSSocket } from 'node:tls';
import type { EgressVia } from '../../model/egress.ts';
import type { TlsOptions, TransportOptions } from './options.ts';
import type { Ports } from './ports.ts';
import { proxyHeader } from './proxy-header.ts';
import { type Owner, Sessions } from './sessions.ts';
import type { Addresses, Target } from './target.ts';

/** Who is told what happens to a socket. */
export interface Line {
  /** TCP stands; TLS, where asked for, has still to be agreed on. From now on `socket` is the one that counts. */
  reached(socket: Socket): void;
  /** Ready for the first request. `preamble`: bytes (latin1) that must go in front of it. */
  opened(socket: Socket, preamble: string): void;
  /** `buffer` may be used during the call only. */
  bytes(buffer: Buffer, size: number): void;
  /** The end of the stream. */
  ended(socket: Socket): void;
  failed(socket: Socket, error: NodeJS.ErrnoException): void;
}

export interface Dialer {
  /** How often to dial for one connection when the source port turns out to be taken. */
  readonly tries: number;
  /** Opens a socket from the owner's exit. Null when that has no source port left. The line is told later, never during the call. */
  dial(owner: Owner, line: Line): Socket | null;
}

interface Route {
  readonly target: Target;
  readonly addresses: Addresses;
  /** Null for plain HTTP. */
  readonly tls: ConnectionOptions | null;
  readonly sessions: Sessions;
  /** All sockets read into it: what was read is worked off before the next read. */
  readonly receive: Buffer;
}

/** Source ports tried for one connection before it counts as refused for want of a port. */
const PORTS_TRIED = 128;

/** Owners whose TLS session is remembered: about a kilobyte each. */
const SESSIONS = 20_000;

/** `ports`: where bound sockets take their source port from. `receive`: what all of them read into. */
export function dialer(target: Target, addresses: Addresses, options: TransportOptions, ports: Ports, receive: Buffer): Dialer {
  const tls = target.secure ? tlsOptions(target, options.tls) : null;
  const route: Route = { target, addresses, tls, sessions: new Sessions(SESSIONS), receive };
  const { via } = options;
  switch (via.via) {
    case 'bind':
      return { tries: PORTS_TRIED, dial: dialBound(route, ports) };
    case 'header':
      return { tries: 1, dial: (owner, line) => start(route, { host: addresses.first }, owner, line, NOTHING) };
    case 'proxy_protocol':
      return { tries: 1, dial: (owner, line) => dialBehindHeader(route, via, owner, line) };
  }
}

const NOTHING = (): void => {};

function dialBound(route: Route, ports: Ports): Dialer['dial'] {
  const { four, six, first } = route.addresses;
  return (owner, line) => {
    const { exit } = owner;
    const localPort = ports.take(exit);
    if (localPort === null) return null;
    const host = (isIPv6(exit) ? six : four) ?? first;
    return start(route, { host, localAddress: exit, localPort }, owner, line, () => ports.give(exit, localPort));
  };
}

interface Ends {
  readonly host: string;
  readonly localAddress?: string;
  readonly localPort?: number;
}

/** `closed` is called when the socket has gone. */
function start(route: Route, ends: Ends, owner: Owner, line: Line, closed: () => void): Socket {
  const { target, tls, sessions, receive } = route;
  const where = { ...ends, port: target.port, noDelay: true, onread: into(receive, line) };
  if (tls === null) {
    const socket = connect(where);
    socket.on('connect', () => line.opened(socket, ''));
    return watch(socket, line, closed);
  }
  const socket = connectTls({ ...where, ...resuming(tls, sessions, owner) });
  socket.setNoDelay(true);
  socket.on('connect', () => line.reached(socket));
  return watch(secure(socket, sessions, owner, line), line, closed);
}

/** The PROXY header goes first, in clear text. Where TLS follows, Node has no `onread` for it and hands out a new buffer for each read. */
function dialBehindHeader(route: Route, via: Extract<EgressVia, { via: 'proxy_protocol' }>, owner: Owner, line: Line): Socket {
  const { target, tls, sessions } = route;
  const { first: host } = route.addresses;
  const where = { host, port: target.port, noDelay: true };
  const header = () => {
    return proxyHeader(via.version, { address: owner.exit, port: socket.localPort ?? 0 }, { address: host, port: target.port });
  };
  const socket = connect(tls === null ? { ...where, onread: into(route.receive, line) } : where);
  socket.on('connect', () => {
    if (tls === null) {
      line.opened(socket, header());
      return;
    }
    socket.write(header(), 'latin1');
    const secured = connectTls({ ...resuming(tls, sessions, owner), socket });
    line.reached(secured);
    secured.on('data', (chunk: Buffer) => line.bytes(chunk, chunk.length));
    watch(secure(secured, sessions, owner, line), line, NOTHING);
  });
  return watch(socket, line, NOTHING);
}

function resuming(tls: ConnectionOptions, sessions: Sessions, owner: Owner): ConnectionOptions {
  const session = sessions.of(owner);
  return session === undefined ? tls : { ...tls, session };
}

/** Says when TLS stands, and keeps sessions to resume. Node hands them out only when the server has been verified, which is not done again. */
function secure(socket: TLSSocket, sessions: Sessions, owner: Owner, line: Line): TLSSocket {
  socket.on('session', (session) => sessions.keep(owner, session));
  socket.on('secureConnect', () => line.opened(socket, ''));
  return socket;
}

function into(buffer: Buffer, line: Line): OnReadOpts {
  return {
    buffer,
    callback: (size) => {
      line.bytes(buffer, size);
      return true;
    },
  };
}

function watch(socket: Socket, line: Line, closed: () => void): Socket {
  socket.on('end', () => line.ended(socket));
  socket.on('error', (error) => line.failed(socket, error));
  socket.on('close', () => {
    closed();
    line.ended(socket);
  });
  return socket;
}

function tlsOptions(target: Target, tls: TlsOptions): ConnectionOptions {
  // A name is asked for by SNI and verified; a bare address is verified against the certificate's addresses.
  const servername = tls.servername ?? (isIP(target.host) === 0 ? target.host : null);
  const secureContext = createSecureContext(tls.ca === null ? {} : { ca: [...rootCertificates, tls.ca] });
  const verified = { secureContext, rejectUnauthorized: !tls.insecure, ALPNProtocols: ['http/1.1'] };
  return servername === null ? { ...verified, host: target.host } : { ...verified, servername };
}
