import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import express from 'express';
import Fastify from 'fastify';
import type { DispatchRequest } from '../src/index.ts';
import { http1Side, http2Side } from './support/two-servers.ts';

// Neither brings types.
const require = createRequire(import.meta.url);
const express4 = require('express4') as typeof express;
const onFinished = require('on-finished') as (message: IncomingMessage | ServerResponse, listener: () => void) => void;

type Call = Partial<DispatchRequest> & { readonly path: string };

const CALLS: readonly Call[] = [
  { path: '/json' },
  { path: '/text' },
  { path: '/users/7?full=1' },
  { path: '/missing' },
  { path: '/error' },
  { path: '/redirect' },
  { path: '/stream' },
  { path: '/events' },
  { path: '/status' },
  { path: '/cookies' },
  { path: '/json', method: 'HEAD' },
  { path: '/json', method: 'OPTIONS' },
  { path: '/json', headers: { 'if-none-match': '*' } },
  { path: '/echo', method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":[1,2]}' },
  { path: '/echo', method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":' },
  { path: '/echo', method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify('x'.repeat(150_000)) },
  { path: '/echo', method: 'PUT', headers: { 'content-type': 'text/plain' }, body: 'plain' },
  { path: '/upload', method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: Buffer.alloc(500_000) },
];

function expressApp(make: typeof express): RequestListener {
  const app = make();
  app.use((request, response, next) => {
    onFinished(response, () => {});
    onFinished(request, () => {});
    next();
  });
  app.get('/json', (_request, response) => void response.json({ hello: 'world', list: [1, 2, 3] }));
  app.get('/text', (_request, response) => void response.type('txt').send('héllo'));
  app.get(
    '/users/:id',
    (request, response) =>
      void response.json({ id: request.params.id, query: request.query, ip: request.ip, secure: request.secure }),
  );
  app.get('/error', () => {
    throw Object.assign(new Error('broken'), { status: 503, expose: true });
  });
  app.get('/redirect', (_request, response) => response.redirect(302, '/json'));
  app.get('/stream', (_request, response) => void Readable.from(['a', 'b', 'c']).pipe(response));
  app.get('/events', (_request, response) => {
    response.set('content-type', 'text/event-stream').flushHeaders();
    response.write('data: 1\n\n');
    setImmediate(() => response.end('data: 2\n\n'));
  });
  app.get('/status', (_request, response) => void response.sendStatus(418));
  app.get('/cookies', (_request, response) => void response.cookie('a', '1').cookie('b', '2').end());
  app.all('/echo', make.json(), make.text(), (request, response) => void response.json(request.body ?? null));
  app.post('/upload', (request, response) => {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => (bytes += chunk.length)).on('end', () => void response.json({ bytes }));
  });
  app.use(((error: Error & { status?: number }, _request: unknown, response: express.Response, _next: unknown) => {
    response.status(error.status ?? 500).send(error.message);
  }) as express.ErrorRequestHandler);
  return app;
}

async function fastifyApp(): Promise<RequestListener> {
  let listener: RequestListener = () => {};
  const app = Fastify({
    serverFactory: (handler) => {
      listener = handler as RequestListener;
      return createServer(handler as RequestListener);
    },
  });
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.get('/json', async () => ({ hello: 'world', list: [1, 2, 3] }));
  app.get('/text', async (_request, reply) => reply.type('text/plain').send('héllo'));
  app.get('/users/:id', (request, reply) =>
    reply.send({
      params: request.params,
      query: request.query,
      ip: request.ip,
      protocol: request.protocol,
    }),
  );
  app.get('/error', async () => {
    throw Object.assign(new Error('broken'), { statusCode: 503 });
  });
  app.get('/redirect', async (_request, reply) => reply.redirect('/json'));
  app.get('/stream', async (_request, reply) => reply.send(Readable.from(['a', 'b', 'c'])));
  app.get('/events', (_request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
    reply.raw.write('data: 1\n\n');
    setImmediate(() => reply.raw.end('data: 2\n\n'));
  });
  app.get('/status', async (_request, reply) => reply.code(418).send());
  app.get('/cookies', async (_request, reply) => reply.header('set-cookie', ['a=1', 'b=2']).send());
  app.route({ method: ['POST', 'PUT'], url: '/echo', handler: async (request) => request.body });
  app.post('/upload', (request, reply) => reply.send({ bytes: (request.body as Buffer).length }));
  await app.ready();
  return (request, response) => listener(request, response);
}

const APPS: readonly (readonly [name: string, make: () => RequestListener | Promise<RequestListener>])[] = [
  ['Express 5', () => expressApp(express)],
  ['Express 4', () => expressApp(express4)],
  ['Fastify 5', fastifyApp],
];

describe('ServerSession behind frameworks', () => {
  for (const [name, make] of APPS) {
    for (const [at, call] of CALLS.entries()) {
      it(`serves ${name} as node:http does: ${call.method ?? 'GET'} ${call.path} (${at})`, async () => {
        const listener = await make();
        const sides = await Promise.all([http1Side(listener), http2Side(listener)]);
        try {
          const answers = await Promise.all(
            sides.map(async (side) => {
              const heard = side.dispatch({ method: 'GET', origin: 'http://127.0.0.1', ...call });
              await heard.settled;
              const headers = Object.entries(heard.heads.at(-1)?.headers ?? {}).filter(
                ([field]) => !['connection', 'keep-alive', 'transfer-encoding', 'date'].includes(field),
              );
              return { told: heard.told, status: heard.heads.at(-1)?.status, headers: headers.sort(), body: heard.body };
            }),
          );
          assert.deepEqual(answers[1], answers[0]);
        } finally {
          for (const side of sides) side.close();
        }
      });
    }
  }
});
