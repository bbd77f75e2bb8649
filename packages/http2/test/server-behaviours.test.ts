import assert from 'node:assert/strict';
import type { DispatchRequest } from '../src/index.ts';
import { type Behaviour, BEHAVIOURS } from './support/behaviours.ts';
import type { Heard } from './support/client-under-test.ts';
import { http1Side, http2Side, type Side } from './support/two-servers.ts';

interface Observed {
  readonly log: readonly unknown[];
  readonly answer: unknown;
}

/** Fields that speak about a connection of HTTP/1.1, or tell the time. */
const NOT_COMPARED = new Set(['connection', 'keep-alive', 'transfer-encoding', 'date']);

async function observe(side: Side, behaviour: Behaviour): Promise<Observed> {
  const log: unknown[] = [];
  side.server.removeAllListeners('request');
  side.server.on('request', (request, response) => {
    const tell = (...what: unknown[]): void => void log.push(what);
    (async () => behaviour.handle(request, response, tell))().catch((error) => tell('rejected', error.code));
  });
  const own = typeof behaviour.request === 'function' ? behaviour.request() : behaviour.request;
  const request: DispatchRequest = { path: '/', method: 'GET', origin: 'http://127.0.0.1', ...own };
  const heard = side.dispatch(request);
  behaviour.act?.(heard, request);
  await heard.settled;
  await quiet(log);
  return { log, answer: answerOf(heard, behaviour) };
}

/** Events follow an answer: until none has come for a while. */
async function quiet(log: readonly unknown[]): Promise<void> {
  for (let seen = -1; seen !== log.length; ) {
    seen = log.length;
    await new Promise((resolve) => setTimeout(resolve, 8));
  }
}

function answerOf(heard: Heard, { breaks }: Behaviour): unknown {
  if (breaks && heard.error) return 'broken off';
  const heads = heard.heads.map(({ status, headers }) => ({
    status,
    headers: Object.entries(headers)
      .filter(([name]) => !NOT_COMPARED.has(name))
      .map(([name, value]) => [name, typeof value === 'string' ? value : [...(value as string[])]])
      .sort(),
    hasDate: 'date' in headers,
  }));
  return { heads, body: heard.body, trailers: { ...heard.trailers }, error: heard.error && 'error', told: heard.told };
}

describe('ServerSession, as node:http', () => {
  for (const behaviour of BEHAVIOURS) {
    it(behaviour.what, async () => {
      const sides = await Promise.all([http1Side(() => {}), http2Side(() => {})]);
      try {
        const [expected, actual] = await Promise.all(sides.map((side) => observe(side, behaviour)));
        assert.deepEqual(actual, expected);
      } finally {
        for (const side of sides) side.close();
      }
    });
  }
});
