// What a lab of either kind hands over once all its processes are ready.

/**
 * The names under which the supervisor knows the processes are the names that faults use: each backend by its own, the balancer as
 * `balancer`, the shared store as `store`. Each backend names itself in `Sticky-Backend`; the balancer lists its attempts in `X-Upstream`.
 */
export interface Started {
  /** Address of the balancer, `http://127.0.0.1:18080`. */
  readonly url: string;
  /** The same balancer for clients that begin each connection with a PROXY protocol header: one port cannot take both kinds. */
  readonly proxyProtocolUrl: string;
  /** In the order of the plan; `address` as the balancer prints it, `127.0.0.1:18081`. */
  readonly backends: readonly { readonly name: string; readonly address: string }[];
  /** Program name to version. */
  readonly versions: Readonly<Record<string, string>>;
  /** Log files besides the standard output of each process, name to absolute path: the balancer's `access` log. */
  readonly logs: Readonly<Record<string, string>>;
}

/** Process names of what is not a backend. */
export const BALANCER = 'balancer';
export const STORE = 'store';

/** Header in which the balancer lists the backends it tried, in the form of nginx's `$upstream_addr`. */
export const PATH_HEADER = 'X-Upstream';
/** Header in which a backend names itself. */
export const BACKEND_HEADER = 'Sticky-Backend';
