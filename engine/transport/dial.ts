// Opens sockets to the target, plain or TLS, from the right source, all reading into one shared buffer.

import { connect, isIP, isIPv6, type OnReadOpts, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, createSecureContext, rootCertificates } from 'node:tls';
import type { EgressVia } from '../../model/egress.ts';
import type { TlsOptions, TransportOptions } from './options.ts';
import type { Ports } from './ports.ts';
import { proxyHeader } from './proxy-header.ts';
import type { Addresses, Target } from './target.ts';

/** What happens to a socket. */
export interface Events {
  /** TCP stands; TLS, where asked for, has still to be agreed on. */
  reached(): void;
  /** Ready for the first request. `preamble`: bytes (latin1) that must go in front of it. */
  opened(socket: Socket, preamble: string): void;
  /** `buffer` may be used during the call only. */
  bytes(buffer: Buffer, size: number): void;
  /** The end of the stream. */
  ended(): void;
  failed(error: NodeJS.ErrnoException): void;
}

export interface Dialer {
  /** How often to dial for one connection when the source port turns out to be taken. */
  readonly tries: number;
  /** Opens a socket for an exit. Null when the exit has no source port left. Events come later, never during the call. */
  dial(exit: string, events: Events): Socket | null;
}

interface Route {
  readonly target: Target;
  readonly addresses: Addresses;
  /** Null for plain HTTP. */
  readonly tls: ConnectionOptions | null;
  /** All sockets read into it: what was read is worked off before the next read. */
  readonly buffer: Buffer;
}

const RECEIVE_BUFFER = 64 * 1024;
/** Source ports tried for one connection before it counts as refused for want of a port. */
const PORTS_TRIED = 128;

/** `ports`: where bound sockets take their source port from. */
export function dialer(target: Target, addresses: Addresses, options: TransportOptions, ports: Ports): Dialer {
  const tls = target.secure ? tlsOptions(target, options.tls) : null;
  const route: Route = { target, addresses, tls, buffer: Buffer.allocUnsafeSlow(RECEIVE_BUFFER) };
  const { via } = options;
  switch (via.via) {
    case 'bind':
      return { tries: PORTS_TRIED, dial: dialBound(route, ports) };
    case 'header':
      return { tries: 1, dial: (_exit, events) => start(route, { host: addresses.first }, events) };
    case 'proxy_protocol':
      return { tries: 1, dial: (exit, events) => dialBehindHeader(route, via, exit, events) };
  }
}

function dialBound(route: Route, ports: Ports): Dialer['dial'] {
  return (exit, events) => {
    const localPort = ports.take(exit);
    if (localPort === null) return null;
    const { four, six, first } = route.addresses;
    const host = (isIPv6(exit) ? six : four) ?? first;
    const socket = start(route, { host, localAddress: exit, localPort }, events);
    socket.once('close', () => ports.give(exit, localPort));
    return socket;
  };
}

interface Ends {
  readonly host: string;
  readonly localAddress?: string;
  readonly localPort?: number;
}

function start(route: Route, ends: Ends, events: Events): Socket {
  const where = { ...ends, port: route.target.port, noDelay: true, onread: into(route.buffer, events) };
  if (route.tls === null) {
    const socket = connect(where);
    socket.once('connect', () => events.opened(socket, ''));
    return watch(socket, events);
  }
  const socket = connectTls({ ...where, ...route.tls });
  socket.setNoDelay(true);
  socket.once('connect', () => events.reached());
  socket.once('secureConnect', () => events.opened(socket, ''));
  return watch(socket, events);
}

/** The PROXY header goes first, in clear text. Where TLS follows, Node has no `onread` for it and hands out a new buffer for each read. */
function dialBehindHeader(route: Route, via: Extract<EgressVia, { via: 'proxy_protocol' }>, exit: string, events: Events): Socket {
  const { target, tls } = route;
  const { first: host } = route.addresses;
  const where = { host, port: target.port, noDelay: true };
  const header = () => {
    return proxyHeader(via.version, { address: exit, port: socket.localPort ?? 0 }, { address: host, port: target.port });
  };
  const socket = connect(tls === null ? { ...where, onread: into(route.buffer, events) } : where);
  socket.once('connect', () => {
    if (tls === null) {
      events.opened(socket, header());
      return;
    }
    events.reached();
    socket.write(header(), 'latin1');
    const secured = connectTls({ ...tls, socket });
    secured.once('secureConnect', () => events.opened(secured, ''));
    secured.on('data', (chunk: Buffer) => events.bytes(chunk, chunk.length));
    watch(secured, events);
  });
  return watch(socket, events);
}

function into(buffer: Buffer, events: Events): OnReadOpts {
  return {
    buffer,
    callback: (size) => {
      events.bytes(buffer, size);
      return true;
    },
  };
}

function watch(socket: Socket, events: Events): Socket {
  socket.once('end', () => events.ended());
  socket.on('error', (error) => events.failed(error));
  socket.once('close', () => events.ended());
  return socket;
}

function tlsOptions(target: Target, tls: TlsOptions): ConnectionOptions {
  // A name is asked for by SNI and verified; a bare address is verified against the certificate's addresses.
  const servername = tls.servername ?? (isIP(target.host) === 0 ? target.host : null);
  const secureContext = createSecureContext(tls.ca === null ? {} : { ca: [...rootCertificates, tls.ca] });
  const verified = { secureContext, rejectUnauthorized: !tls.insecure, ALPNProtocols: ['http/1.1'] };
  return servername === null ? { ...verified, host: target.host } : { ...verified, servername };
}
