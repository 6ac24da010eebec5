// What the target is told: small answers from memory, with the five headers of the cooperative page.

/** The ports it listens on, one for each way of being asked. */
export interface Doors {
  readonly http: number;
  readonly https: number;
  readonly close: number;
  readonly 'https-close': number;
  readonly seen: number;
  readonly status: number;
}

/** The session that clients with one fixed cookie carry. */
export const SESSION = 'A1B2C3D4E5F60718293A4B5C6D7E8F90.tomcat01';
const OWNER = '5f2b8c1d9e3a4b60';
const NEW = '$request_id.tomcat01';

/**
 * Pages: `/login` sets a new session, `/visit` answers with the session of the cookie it is sent, and `/storm` gives the session of whoever
 * asks a new id, as an application does at each login. Any other path shows one fixed session.
 *
 * Neither a log nor a limit stands in the way of speed: answers are logged only when their status is not 200, except at the door `seen`.
 */
export function nginxConfiguration(folder: string, doors: Doors, withTls: boolean): string {
  return `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events { worker_connections 16384; }
http {
  log_format wrong '$status $request';
  log_format seen '$cookie_jsessionid $remote_addr $connection';
  map $status $wrong { 200 0; default 1; }
  access_log ${folder}/wrong.log wrong if=$wrong;
  keepalive_requests 1000000000; keepalive_timeout 600; default_type text/plain;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(' ')}
${door(doors.http, '')}
${withTls ? door(doors.https, tls(folder)) + door(doors['https-close'], `keepalive_timeout 0; ${tls(folder)}`) : ''}
${door(doors.close, 'keepalive_timeout 0;')}
${door(doors.seen, `access_log ${folder}/seen.log seen;`)}
  server { listen 127.0.0.1:${doors.status}; access_log off; location / { stub_status; } }
}
`;
}

function door(port: number, settings: string): string {
  const ssl = settings.includes('ssl_certificate') ? ' ssl' : '';
  return `  server { listen 127.0.0.1:${port}${ssl} backlog=4096; ${settings}
    location / { ${headers(SESSION, '0', OWNER)} return 200 'ok'; }
    location = /visit { ${headers('$cookie_jsessionid', '0', '$cookie_jsessionid')} return 200 'ok'; }
    location = /login { ${setCookie()} ${headers(NEW, '1', NEW)} return 200 'ok'; }
    location = /storm { ${setCookie()} ${headers(NEW, '0', '$remote_addr')} return 200 'ok'; }
  }
`;
}

function headers(session: string, created: string, owner: string): string {
  const values = { Backend: 'tomcat01', Session: session, New: created, Owner: owner, Counter: '17' };
  return Object.entries(values)
    .map(([name, value]) => `add_header Sticky-${name} ${value};`)
    .join(' ');
}

function setCookie(): string {
  return `add_header Set-Cookie "JSESSIONID=${NEW}; Path=/; HttpOnly";`;
}

/** One protocol version and one cipher, so that every client pays for the same cryptography. */
function tls(folder: string): string {
  return `ssl_certificate ${folder}/certificate.pem; ssl_certificate_key ${folder}/key.pem; ssl_protocols TLSv1.3; ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256;`;
}
