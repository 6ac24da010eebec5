import { describe, expect, it } from 'vitest';
import type { LabPlan } from '../../../model/workload.ts';
import { nginxConfig } from './config.ts';
import { type PlacedBackend, routing } from './upstreams.ts';

const placed = (name: string, port: number, change: Partial<PlacedBackend> = {}): PlacedBackend => ({
  name,
  address: `127.0.0.1:${port}`,
  weight: 1,
  down: false,
  ...change,
});

const TWO = [placed('tomcat01', 8081), placed('tomcat02', 8082)];

const plan = (strategy: LabPlan['strategy']) => ({ strategy, maxFails: 1, failTimeout: 10_000_000 });

describe('the configuration of nginx', () => {
  it('for jvm_route without the module has maps, and a group for each home', () => {
    const facts = { plan: plan('jvm_route'), backends: TWO, jvmRoute: false, port: 8080, proxyProtocolPort: 8079, asRoot: false };
    expect(nginxConfig(facts)).toMatchInlineSnapshot(`
      "daemon off;
      # One worker: with several, each would take its own turns in round robin, and they would take cores from the load generator.
      worker_processes 1;
      worker_rlimit_nofile 20000;
      pid nginx.pid;
      error_log stderr warn;

      events {
          worker_connections 16384;
      }

      http {
          client_body_temp_path temp_client_body;
          proxy_temp_path temp_proxy;
          fastcgi_temp_path temp_fastcgi;
          uwsgi_temp_path temp_uwsgi;
          scgi_temp_path temp_scgi;
          log_format sticky '$msec $remote_addr "$request" $status up="$upstream_addr" ust="$upstream_status" ck="$cookie_jsessionid" setck="$upstream_cookie_jsessionid"';
          access_log access.log sticky;
          keepalive_timeout 75s;
          keepalive_requests 1000000;
          client_max_body_size 0;
          proxy_http_version 1.0;
          proxy_connect_timeout 2s;

          map $cookie_jsessionid $route_cookie {
              default "";
              "~\\.(?<rc>[A-Za-z0-9_-]+)$" $rc;
          }
          map $request_uri $route_uri {
              default "";
              "~*;jsessionid=[^;?/]*\\.(?<ru>[A-Za-z0-9_-]+)" $ru;
          }
          map $route_cookie $route {
              default $route_cookie;
              "" $route_uri;
          }
          map $route $pool {
              default any;
              ~^tomcat01$ t1;
              ~^tomcat02$ t2;
          }

          upstream any {
              zone any 64k;
              server 127.0.0.1:8081 weight=1 max_fails=1 fail_timeout=10s;
              server 127.0.0.1:8082 weight=1 max_fails=1 fail_timeout=10s;
          }

          upstream t1 {
              zone t1 64k;
              server 127.0.0.1:8081 weight=1 max_fails=1 fail_timeout=10s;
              server 127.0.0.1:8082 weight=1 max_fails=1 fail_timeout=10s backup;
          }

          upstream t2 {
              zone t2 64k;
              server 127.0.0.1:8082 weight=1 max_fails=1 fail_timeout=10s;
              server 127.0.0.1:8081 weight=1 max_fails=1 fail_timeout=10s backup;
          }

          server {
              listen 127.0.0.1:8080 backlog=4096;
              set_real_ip_from 127.0.0.0/8;
              real_ip_header X-Forwarded-For;
              add_header X-Upstream $upstream_addr always;
              location / {
                  proxy_pass http://$pool;
                  proxy_set_header Host $http_host;
                  proxy_set_header X-Real-IP $remote_addr;
                  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                  proxy_set_header X-Forwarded-Proto $scheme;
              }
          }

          server {
              listen 127.0.0.1:8079 proxy_protocol backlog=4096;
              set_real_ip_from 127.0.0.0/8;
              real_ip_header proxy_protocol;
              add_header X-Upstream $upstream_addr always;
              location / {
                  proxy_pass http://$pool;
                  proxy_set_header Host $http_host;
                  proxy_set_header X-Real-IP $remote_addr;
                  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                  proxy_set_header X-Forwarded-Proto $scheme;
              }
          }
      }
      "
    `);
  });

  it('names root as the user only when root starts it', () => {
    const facts = { plan: plan('ip_hash'), backends: TWO, jvmRoute: false, port: 8080, proxyProtocolPort: 8079 };
    const [mine, roots] = [nginxConfig({ ...facts, asRoot: false }), nginxConfig({ ...facts, asRoot: true })];
    expect(roots).toBe(mine.replace('daemon off;\n', 'daemon off;\nuser root;\n'));
  });
});

describe('the groups', () => {
  const blocks = (strategy: LabPlan['strategy'], backends: readonly PlacedBackend[], jvmRoute = false) =>
    routing(plan(strategy), backends, jvmRoute).blocks;

  it('of ip_hash are one, in the order of the plan, with weights and what is down', () => {
    const backends = [placed('a', 1, { weight: 5 }), placed('b', 2, { down: true }), placed('c', 3)];
    expect(blocks('ip_hash', backends)).toMatchInlineSnapshot(`
      "upstream backends {
          zone backends 64k;
          ip_hash;
          server 127.0.0.1:1 weight=5 max_fails=1 fail_timeout=10s;
          server 127.0.0.1:2 weight=1 max_fails=1 fail_timeout=10s down;
          server 127.0.0.1:3 weight=1 max_fails=1 fail_timeout=10s;
      }
      "
    `);
  });

  it('of round robin and of Redis sessions are the same', () => {
    expect(blocks('round_robin', TWO)).toMatchInlineSnapshot(`
      "upstream backends {
          zone backends 64k;
          server 127.0.0.1:8081 weight=1 max_fails=1 fail_timeout=10s;
          server 127.0.0.1:8082 weight=1 max_fails=1 fail_timeout=10s;
      }
      "
    `);
    expect(blocks('redis_session', TWO)).toBe(blocks('round_robin', TWO));
  });

  it('of jvm_route with the module are one, its directive last', () => {
    expect(
      blocks('jvm_route', [placed('tomcat01', 8081, { weight: 2 }), placed('tomcat02', 8082, { down: true })], true),
    ).toMatchInlineSnapshot(`
      "upstream backends {
          server 127.0.0.1:8081 weight=2 max_fails=1 fail_timeout=10s srun_id=tomcat01;
          server 127.0.0.1:8082 weight=1 max_fails=1 fail_timeout=10s down srun_id=tomcat02;
          jvm_route $cookie_JSESSIONID|sessionid reverse;
      }
      "
    `);
  });

  it('of jvm_route with Redis sessions are those of jvm_route', () => {
    expect(blocks('jvm_route_redis', TWO)).toBe(blocks('jvm_route', TWO));
    expect(blocks('jvm_route_redis', TWO, true)).toBe(blocks('jvm_route', TWO, true));
  });

  it('have room for many servers', () => {
    const many = Array.from({ length: 40 }, (_, i) => placed(`n${i}`, 9000 + i));
    expect(blocks('ip_hash', many).split('\n')[1]).toBe('    zone backends 160k;');
  });

  it('count failures as the plan says, in whole seconds', () => {
    const { blocks: text } = routing({ strategy: 'ip_hash', maxFails: 0, failTimeout: 1_500_000 }, TWO.slice(0, 1), false);
    expect(text).toBe(
      'upstream backends {\n    zone backends 64k;\n    ip_hash;\n    server 127.0.0.1:8081 weight=1 max_fails=0 fail_timeout=2s;\n}\n',
    );
  });
});
