// autocannon on one page until it is killed.
//
//   node autocannon.mjs <url> <connections> fixed|users|close
//
// fixed: one cookie for all. users: as many users as connections; setupRequest writes the cookie of the user whose turn it is, onResponse
// keeps the one he is sent. close: a new connection for each request.

import autocannon from 'autocannon';

const [url, connections, way] = process.argv.slice(2);
const SESSION = 'A1B2C3D4E5F60718293A4B5C6D7E8F90.tomcat01';

autocannon({ url, connections: Number(connections), duration: 3600, ...options() });

function options() {
  if (way === 'users') return { requests: [asUsers(Number(connections))] };
  const headers = { cookie: `JSESSIONID=${SESSION}` };
  return way === 'close' ? { headers, reconnectRate: 1 } : { headers };
}

/** autocannon does not say on whose behalf a request goes out, so a user is whoever is free; its context carries him to the answer. */
function asUsers(count) {
  const cookies = Array.from({ length: count }, (_, user) => `JSESSIONID=${user.toString(16).toUpperCase().padStart(32, '0')}.tomcat01`);
  const free = cookies.map((_, user) => user);
  return {
    setupRequest(request, context) {
      context.user = free.pop();
      return { ...request, headers: { cookie: cookies[context.user] } };
    },
    onResponse(_status, _body, context, headers) {
      const set = headers['Set-Cookie'];
      if (set !== undefined) cookies[context.user] = set.slice(0, set.indexOf(';'));
      free.push(context.user);
    },
  };
}
