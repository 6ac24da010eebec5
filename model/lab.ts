// What a started lab offers the rest of the house.

import type { StickyError } from './errors.ts';
import type { Injector } from './fault.ts';
import type { LabKind } from './report.ts';
import type { Identify } from './workload.ts';

export interface Lab {
  readonly kind: LabKind;
  /** Why this kind was taken: `nginx, tomcat10, java and redis-server are all here`. */
  readonly reason: string;
  /** Address of the balancer, `http://127.0.0.1:18080`. */
  readonly url: string;
  /** The same balancer for connections that begin with a PROXY protocol header (`via: proxy_protocol`). */
  readonly proxyProtocolUrl: string;
  readonly backends: readonly { readonly name: string; readonly address: string }[];
  readonly identify: Identify;
  /** Program name to version. */
  readonly versions: Readonly<Record<string, string>>;
  readonly injector: Injector;
  /** Log files of the lab's processes, name to absolute path; kept until `stop`. */
  readonly logs: Readonly<Record<string, string>>;
  /** LAB_DIED for a process that is gone though no fault ended it, else null. */
  died(): StickyError | null;
  /** Ends every process and removes every file of the lab. Never rejects; may be called twice. */
  stop(): Promise<void>;
}
