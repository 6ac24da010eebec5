// The two ports of a balancer.

import { freePort } from './processes/ports.ts';

export interface BalancerPorts {
  readonly port: number;
  /** Here every connection must begin with a PROXY protocol header. */
  readonly proxyProtocolPort: number;
}

/** `port` as it is, or a free one for 0; the other is always free, and another one each time. */
export async function chooseBalancerPorts(port: number): Promise<BalancerPorts> {
  return { port: port === 0 ? await freePort() : port, proxyProtocolPort: await freePort() };
}
