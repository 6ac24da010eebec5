// The whole configuration file of the lab's nginx, as text.

import { PATH_HEADER } from '../../started.ts';
import { type PlacedBackend, type RoutingPlan, routing } from './upstreams.ts';

export interface NginxFacts {
  readonly plan: RoutingPlan;
  readonly backends: readonly PlacedBackend[];
  /** This nginx has the module nginx_upstream_jvm_route. */
  readonly jvmRoute: boolean;
  readonly port: number;
  /** A second port, on which every connection begins with a PROXY protocol header. */
  readonly proxyProtocolPort: number;
  /** nginx is started by root, and would otherwise hand its files to a user who may not enter the lab's folder. */
  readonly asRoot: boolean;
}

/** Name of the access log, in nginx's folder. */
export const ACCESS_LOG = 'access.log';

/**
 * One line per request, every free text in quotes: nginx writes a quote inside as \x22, so the line can be taken apart.
 * `up` and `ust` list each backend tried with its status; `ck` is the session id that came, `setck` the one that was set.
 */
const ACCESS_LOG_FORMAT =
  '$msec $remote_addr "$request" $status up="$upstream_addr" ust="$upstream_status" ck="$cookie_jsessionid" setck="$upstream_cookie_jsessionid"';

/** Temporary folders, in nginx's folder. nginx makes them, each only one level deep. */
const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

/** Paths are relative to nginx's prefix (`-p`), so the file stands alone and the same plan always gives the same text. */
export function nginxConfig(facts: NginxFacts): string {
  const { blocks, destination } = routing(facts.plan, facts.backends, facts.jvmRoute);
  return `daemon off;
${facts.asRoot ? 'user root;\n' : ''}# One worker: with several, each would take its own turns in round robin, and they would take cores from the load generator.
worker_processes 1;
worker_rlimit_nofile 20000;
pid nginx.pid;
error_log stderr warn;

events {
    worker_connections 16384;
}

http {
${indent(common())}
${indent(blocks)}
${indent(site(`listen 127.0.0.1:${facts.port} backlog=4096;`, 'X-Forwarded-For', destination))}
${indent(site(`listen 127.0.0.1:${facts.proxyProtocolPort} proxy_protocol backlog=4096;`, 'proxy_protocol', destination))}}
`;
}

/**
 * No keep-alive towards the backends: an idle connection that Tomcat closes while nginx sends on it counts as a failure, and with
 * max_fails=1 a healthy backend would lose its users. From nginx 1.29.7 keep-alive is on unless HTTP/1.0 is asked for.
 */
function common(): string {
  const temporary = TEMPORARY.map((name) => `${name}_temp_path temp_${name};\n`).join('');
  return `${temporary}log_format sticky '${ACCESS_LOG_FORMAT}';
access_log ${ACCESS_LOG} sticky;
keepalive_timeout 75s;
keepalive_requests 1000000;
client_max_body_size 0;
proxy_http_version 1.0;
proxy_connect_timeout 2s;
`;
}

/**
 * A client without the header keeps the address he comes from; with it, the last address in it counts (real_ip_recursive off).
 * Only loopback can reach the port, so only loopback is trusted.
 */
function site(listen: string, realIpHeader: string, destination: string): string {
  return `server {
    ${listen}
    set_real_ip_from 127.0.0.0/8;
    real_ip_header ${realIpHeader};
    add_header ${PATH_HEADER} $upstream_addr always;
    location / {
        proxy_pass http://${destination};
        proxy_set_header Host $http_host;
        proxy_set_header X-Real-IP $remote_addr;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
    }
}
`;
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '    ');
}
