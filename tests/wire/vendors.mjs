// Loopback servers in place of vendors: a gateway that signs in by device code, and one that tells its credits.
import { once } from 'node:events';
import { createServer } from 'node:http';

/**
 * @typedef {[number, object]} Answer a string in place of the object is sent as it is
 * @param {(path: string, body: string, request: import('node:http').IncomingMessage) => Answer | Promise<Answer>} answer
 */
async function serve(answer) {
  const requests = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    requests.push({ path: request.url, body, authorization: request.headers.authorization });
    const [status, json] = await answer(request.url, body, request);
    response.writeHead(status, { 'content-type': 'application/json' }).end(typeof json === 'string' ? json : JSON.stringify(json));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}/v1`,
    requests,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

export const DEVICE = { code: 'WDJB-MJHT', access: 'access-token-of-the-gateway', refresh: 'refresh-token-of-the-gateway' };

/**
 * Speaks the device flow of Pi's "radius" gateways. It grants as soon as `granted` is true.
 * @param {{ expires?: number, error?: string }} how long a code is good for, in seconds; what is answered in place of "wait"
 */
export async function startGateway({ expires = 600, error = 'authorization_pending' } = {}) {
  const gateway = { granted: false, polled: 0, held: undefined, letGo: undefined };
  const server = await serve(async (path) => {
    if (path === '/v1/oauth/device')
      return [200, { device_code: 'd', user_code: DEVICE.code, verification_uri: `${server.url}/device`, expires_in: expires, interval: 1 }];
    if (path === '/v1/oauth/token') {
      gateway.polled++;
      await gateway.held;
      if (!gateway.granted) return [400, { error }];
      return [200, { access_token: DEVICE.access, refresh_token: DEVICE.refresh, expires_in: 3600, scope: 'gateway' }];
    }
    return [404, { error: 'not here' }];
  });
  return Object.assign(gateway, server, {
    /** From now on the answer waits for `letGo`. */
    hold() {
      gateway.held = new Promise((resolve) => {
        gateway.letGo = resolve;
      });
    },
  });
}

/** Tells credits to whoever has the key. @param {(path: string) => [number, object | string]} [answer] in place of the usual */
export async function startCredits(key, answer = (path) => (path === '/v1/credits' ? [200, { data: { total_credits: 25, total_usage: 4.5 } }] : [404, {}])) {
  return serve((path, _, request) => {
    if (request.headers.authorization !== `Bearer ${key}`) return [401, { error: { message: 'no such key' } }];
    return answer(path);
  });
}
