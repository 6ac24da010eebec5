// The block `http`: connections, patience, and what every request carries.

import { z } from 'zod';
import type { Connections, HeaderTemplate, HttpOptions } from '../../model/workload.ts';
import { readHeaderName, readHeaderValue, reservedBecause } from '../values/headers.ts';
import { count, positiveDuration, size, text, yesNo } from '../values/leaves.ts';
import { type IssueParams, mapping, word } from '../values/shapes.ts';

const CONNECTIONS: readonly [Connections, Connections, Connections] = ['per_exit', 'per_user', 'browser'];

const headerText = z.unknown().meta({ type: ['string', 'number', 'boolean'] });

/** A mapping of header names to texts. Values may hold {{ variables }}; they are sent as they are. */
export const headersShape = z
  .record(z.string(), headerText, { error: 'a mapping of header names to texts' })
  .transform((headers, context) => {
    const lines: HeaderTemplate[] = [];
    for (const [name, value] of Object.entries(headers)) {
      const fail = (message: string, part: IssueParams['part'], hint: string) =>
        context.issues.push({ code: 'custom', message, path: [name], params: { part, hint }, input: value });
      const known = readHeaderName(name);
      const text = readHeaderValue(value);
      if (!known.ok) fail('the name of a header', 'key', known.hint);
      else if (reservedBecause(name) !== null) fail('a header that is yours to set', 'key', reservedBecause(name) ?? '');
      if (!text.ok) fail('a text that a header can carry', 'value', text.hint);
      else lines.push({ name, value: text.value });
    }
    return lines;
  });

export const httpShape = mapping('a mapping with keys such as connections, timeout and headers', {
  connections: word(CONNECTIONS)
    .prefault('per_exit')
    .describe('per_exit: users behind one exit share keep-alive connections. per_user: one each. browser: up to six each.'),
  timeout: positiveDuration.prefault('10s').describe('Longest wait for a whole answer.'),
  connect_timeout: positiveDuration.prefault('5s').describe('Longest wait for a connection.'),
  redirects: count(0, 100).prefault(5).describe('Redirects followed per request; 0 follows none.'),
  headers: headersShape.prefault({}).describe('Headers of every request.'),
  max_body: size.prefault('10MB').describe('Largest answer read.'),
  tls: mapping('a mapping with the keys ca and insecure', {
    ca: text.optional().describe('PEM file with certificate authorities to trust besides the usual ones.'),
    insecure: yesNo.prefault(false).describe('Skip the verification of certificates.'),
  }).prefault({}),
}).transform(
  (http): HttpOptions => ({
    connections: http.connections,
    timeout: http.timeout,
    connectTimeout: http.connect_timeout,
    redirects: http.redirects,
    headers: http.headers,
    maxBody: http.max_body,
    ca: http.tls.ca ?? null,
    insecure: http.tls.insecure,
  }),
);
