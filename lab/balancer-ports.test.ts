import { describe, expect, it } from 'vitest';
import { chooseBalancerPorts } from './balancer-ports.ts';

describe('chooseBalancerPorts', () => {
  it('keeps the port that is asked for, with another one beside it each time', async () => {
    const chosen = [await chooseBalancerPorts(8080), await chooseBalancerPorts(8080)];
    expect(chosen.map(({ port }) => port)).toEqual([8080, 8080]);
    expect(new Set(chosen.map(({ proxyProtocolPort }) => proxyProtocolPort)).size).toBe(2);
  });

  it('takes two free ports for 0, and others each time', async () => {
    const chosen = [await chooseBalancerPorts(0), await chooseBalancerPorts(0)];
    expect(new Set(chosen.flatMap(({ port, proxyProtocolPort }) => [port, proxyProtocolPort])).size).toBe(4);
  });
});
