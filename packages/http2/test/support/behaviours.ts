import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setImmediate as later } from 'node:timers/promises';
import type { DispatchRequest } from '../../src/index.ts';
import type { Heard } from './client-under-test.ts';

export type Log = (...what: unknown[]) => void;

/** Something an application does, to be seen the same over HTTP/1.1 and over HTTP/2. */
export interface Behaviour {
  readonly what: string;
  readonly request?: Partial<DispatchRequest> | (() => Partial<DispatchRequest>);
  handle(request: IncomingMessage, response: ServerResponse, log: Log): unknown;
  /** What the client does once it has sent. */
  act?(heard: Heard, request: DispatchRequest): unknown;
  /** The exchange ends without an answer. */
  readonly breaks?: boolean;
}

const behaviours: Behaviour[] = [];

function behaviour(what: string, handle: Behaviour['handle'], more: Partial<Behaviour> = {}): void {
  behaviours.push({ what, handle, ...more });
}

function attempt(log: Log, work: () => unknown): void {
  try {
    log('returned', describe(work()));
  } catch (error) {
    log('threw', (error as NodeJS.ErrnoException).code, (error as Error).name);
  }
}

function describe(value: unknown): unknown {
  return value !== null && typeof value === 'object' ? 'object' : value;
}

const post = (body: DispatchRequest['body'], headers: Record<string, string> = {}): Partial<Behaviour> => ({
  request: { method: 'POST', body: body ?? null, headers },
});

const RESPONSE_EVENTS = ['finish', 'close', 'error', 'prefinish', 'drain', 'pipe', 'unpipe'];

function follow(emitter: NodeJS.EventEmitter, name: string, events: readonly string[], log: Log): void {
  for (const event of events) {
    emitter.on(event, (value: unknown) =>
      log(`${name} ${event}`, value instanceof Error ? (value as NodeJS.ErrnoException).code : ''),
    );
  }
}

// --- what a request shows
const SHOWN: readonly (readonly [what: string, show: (request: IncomingMessage) => unknown])[] = [
  ['method', (request) => request.method],
  ['url', (request) => request.url],
  ['headers', (request) => withoutTransport({ ...request.headers })],
  ['headersDistinct', (request) => Object.keys(withoutTransport({ ...request.headersDistinct })).sort()],
  ['complete before the body was read', (request) => [typeof request.complete, request.aborted]],
  ['trailers before the end', (request) => [request.trailers, request.rawTrailers]],
  ['readable', (request) => [request.readable, request.destroyed, request.readableEnded, request.readableFlowing]],
  ['statusCode', (request) => [request.statusCode, request.statusMessage]],
  [
    'socket addresses',
    (request) => [request.socket.remoteAddress, request.socket.remoteFamily, typeof request.socket.remotePort],
  ],
  ['socket state', (request) => [request.socket.destroyed, request.socket.readable, request.socket.writable]],
  ['socket identity', (request) => [request.socket === request.connection, request.socket.constructor === undefined]],
  [
    'TLS of the socket',
    (request) => [(request.socket as { encrypted?: boolean }).encrypted, 'getPeerCertificate' in request.socket],
  ],
  ['upgrade', (request) => Boolean((request as { upgrade?: unknown }).upgrade)],
  ['readableHighWaterMark', (request) => request.readableHighWaterMark],
  ['objectMode', (request) => request.readableObjectMode],
  ['rawHeaders as pairs', (request) => request.rawHeaders.length % 2],
  ['host', (request) => typeof request.headers.host],
  [
    'own header in rawHeaders',
    (request) => request.rawHeaders[request.rawHeaders.map((name) => name.toLowerCase()).indexOf('x-own') + 1],
  ],
];

function withoutTransport(headers: Record<string, unknown>): Record<string, unknown> {
  for (const name of ['host', 'connection', 'keep-alive', 'transfer-encoding']) delete headers[name];
  return headers;
}

for (const [what, show] of SHOWN) {
  behaviour(
    `request: ${what}`,
    (request, response, log) => {
      log(show(request));
      response.end();
    },
    { request: { path: '/a%20b/?c=d&e', headers: { 'x-own': 'Value', cookie: 'a=1; b=2', accept: '*/*' } } },
  );
}

for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
  behaviour(
    `${method} without a body`,
    (request, response, log) => {
      request.on('end', () => {
        log('end', request.complete);
        response.end(`${method} done`);
      });
      request.resume();
    },
    { request: { method } },
  );
}

// --- request bodies
const BODIES: readonly (readonly [what: string, body: () => DispatchRequest['body']])[] = [
  ['text', () => 'hello'],
  ['empty text', () => ''],
  ['bytes', () => Buffer.from([0, 255, 13, 10])],
  ['64 KiB', () => Buffer.alloc(65_536, 'a')],
  ['1 MiB', () => Buffer.alloc(1_048_576, 'b')],
  ['a stream', () => Readable.from([Buffer.from('one '), Buffer.from('two')])],
  [
    'an async iterable',
    () =>
      (async function* (): AsyncGenerator<Buffer> {
        yield Buffer.from('x');
        await later();
        yield Buffer.from('y');
      })(),
  ],
];

for (const [what, body] of BODIES) {
  const more = {
    request: () => {
      return { method: 'POST', body: body() ?? null };
    },
  };
  behaviour(
    `body of ${what}, by events`,
    (request, response, log) => {
      let bytes = 0;
      request.on('data', (chunk: Buffer) => (bytes += chunk.length));
      request.on('end', () => {
        log(bytes, request.complete, request.readableEnded);
        response.end(String(bytes));
      });
    },
    more,
  );
  behaviour(
    `body of ${what}, by iteration`,
    async (request, response, log) => {
      let bytes = 0;
      for await (const chunk of request) bytes += (chunk as Buffer).length;
      log(bytes, request.complete, request.destroyed, request.closed);
      response.end(String(bytes));
    },
    more,
  );
  behaviour(
    `body of ${what}, piped back`,
    (request, response) => {
      request.pipe(response);
    },
    more,
  );
  behaviour(
    `body of ${what}, by pipeline`,
    (request, response, log) => {
      pipeline(request, response, (error) => log('pipeline', error?.code));
    },
    more,
  );
  behaviour(
    `body of ${what}, not read`,
    (_request, response) => {
      response.end('not read');
    },
    more,
  );
}

behaviour(
  'body as text by setEncoding',
  (request, response, log) => {
    request.setEncoding('utf8');
    let text = '';
    request.on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      log(text, request.readableEncoding);
      response.end();
    });
  },
  post('héllo wörld'),
);
behaviour(
  'body by read() on readable',
  (request, response, log) => {
    let bytes = 0;
    request.on('readable', () => {
      for (let chunk = request.read(); chunk !== null; chunk = request.read()) bytes += chunk.length;
    });
    request.on('end', () => {
      log(bytes);
      response.end();
    });
  },
  post(Buffer.alloc(200_000)),
);
behaviour(
  'body paused and resumed',
  (request, response, log) => {
    request.once('data', () => {
      request.pause();
      log(request.isPaused());
      setImmediate(() => request.resume());
    });
    request.on('end', () => response.end('resumed'));
  },
  post(Buffer.alloc(300_000)),
);
behaviour(
  'order of events of a request',
  (request, response, log) => {
    follow(request, 'request', ['end', 'close', 'error', 'aborted'], log);
    request.resume();
    request.on('end', () => response.end('x'));
  },
  post('hello'),
);
behaviour('order of events of a response', (_request, response, log) => {
  follow(response, 'response', RESPONSE_EVENTS, log);
  response.end('x');
});
behaviour(
  'request destroyed by iteration that stops',
  async (request, response, log) => {
    for await (const _chunk of request) break;
    log(request.destroyed);
    response.end('stopped');
  },
  { ...post(Buffer.alloc(300_000)), breaks: true },
);

// --- heads of responses
type Write = (response: ServerResponse, log: Log) => unknown;
const HEADS: readonly (readonly [what: string, write: Write])[] = [
  ['nothing set', () => {}],
  ['statusCode', (response) => (response.statusCode = 404)],
  ['setHeader', (response) => response.setHeader('X-A', 'b')],
  ['setHeader with a number', (response) => response.setHeader('x-n', 7)],
  ['setHeader with a list', (response) => response.setHeader('x-l', ['a', 'b'])],
  ['setHeader of cookies', (response) => response.setHeader('set-cookie', ['a=1', 'b=2'])],
  ['setHeader twice', (response) => response.setHeader('x-a', '1').setHeader('X-A', '2')],
  ['appendHeader', (response) => response.appendHeader('x-a', '1').appendHeader('x-a', ['2', '3'])],
  ['setHeaders with a Map', (response) => response.setHeaders(new Map([['x-m', '1']]))],
  [
    'setHeaders with Headers',
    (response) =>
      response.setHeaders(
        new Headers([
          ['x-m', '1'],
          ['set-cookie', 'a'],
          ['set-cookie', 'b'],
        ]),
      ),
  ],
  [
    'removeHeader',
    (response) => {
      response.setHeader('x-a', 'b');
      response.removeHeader('X-A');
    },
  ],
  ['removeHeader of Date', (response) => response.removeHeader('date')],
  ['own Date', (response) => response.setHeader('date', 'Thu, 01 Jan 2026 00:00:00 GMT')],
  ['sendDate off', (response) => (response.sendDate = false)],
  ['writeHead with a status', (response) => response.writeHead(201)],
  ['writeHead with an object', (response) => response.writeHead(202, { 'X-A': 'b', 'x-l': ['1', '2'], 'x-n': 3 })],
  ['writeHead with a reason', (response) => response.writeHead(203, 'Somehow', { 'x-a': 'b' })],
  ['writeHead with a flat list', (response) => response.writeHead(200, ['X-A', 'b', 'set-cookie', 'a', 'set-cookie', 'b'])],
  [
    'writeHead with pairs',
    (response) =>
      response.writeHead(200, [
        ['x-a', 'b'],
        ['x-a', 'c'],
      ] as never),
  ],
  ['writeHead over setHeader', (response) => response.setHeader('x-a', '1').writeHead(200, { 'X-A': '2', 'x-b': '3' })],
  ['writeHead with a list over setHeader', (response) => response.setHeader('x-a', '1').writeHead(200, ['x-a', '2', 'x-a', '3'])],
  ['Connection and its like', (response) => response.setHeader('connection', 'keep-alive').setHeader('keep-alive', 'timeout=9')],
  ['own Content-Length', (response) => response.setHeader('content-length', 4)],
  ['content-type', (response) => response.setHeader('content-type', 'text/html; charset=utf-8')],
  ['an empty value', (response) => response.setHeader('x-a', '')],
  ['statusMessage', (response) => (response.statusMessage = 'Fine')],
  [
    'writeHead twice',
    (response, log) => {
      response.writeHead(200);
      attempt(log, () => response.writeHead(201));
    },
  ],
  [
    'setHeader behind writeHead',
    (response, log) => {
      response.writeHead(200);
      attempt(log, () => response.setHeader('a', 'b'));
    },
  ],
  [
    'removeHeader behind writeHead',
    (response, log) => {
      response.writeHead(200);
      attempt(log, () => response.removeHeader('a'));
    },
  ],
  [
    'appendHeader behind writeHead',
    (response, log) => {
      response.writeHead(200);
      attempt(log, () => response.appendHeader('a', 'b'));
    },
  ],
  [
    'setHeaders behind writeHead',
    (response, log) => {
      response.writeHead(200);
      attempt(log, () => response.setHeaders(new Map()));
    },
  ],
  [
    'headersSent',
    (response, log) => {
      log(response.headersSent);
      response.writeHead(200);
      log(response.headersSent);
    },
  ],
  [
    'getHeader and its like',
    (response, log) => {
      response.setHeader('X-A', ['1', '2']).setHeader('x-b', 3);
      log(
        response.getHeader('x-a'),
        response.getHeaders(),
        response.getHeaderNames(),
        (response as unknown as { getRawHeaderNames(): string[] }).getRawHeaderNames(),
        response.hasHeader('X-B'),
      );
    },
  ],
  [
    'getHeaders behind writeHead',
    (response, log) => {
      response.setHeader('x-a', '1');
      response.writeHead(200, { 'x-b': '2' });
      log(response.getHeaders());
    },
  ],
  [
    'flushHeaders',
    (response, log) => {
      response.flushHeaders();
      log(response.headersSent);
    },
  ],
  [
    'writable state',
    (response, log) =>
      log(
        response.writable,
        response.writableEnded,
        response.writableFinished,
        response.writableCorked,
        response.writableLength,
        response.destroyed,
        response.closed,
        response.errored,
      ),
  ],
  [
    'high-water mark',
    (response, log) => log(typeof response.writableHighWaterMark, response.writableObjectMode, response.writableNeedDrain),
  ],
  ['socket', (response, log) => log(response.socket === response.req.socket, response.connection === response.socket)],
  ['req', (response, log) => log(response.req.method)],
];

for (const [what, write] of HEADS) {
  behaviour(`head: ${what}`, (_request, response, log) => {
    write(response, log);
    response.end('body');
  });
}

const BAD: readonly (readonly [what: string, write: Write])[] = [
  ['setHeader with LF', (response) => response.setHeader('x-a', 'b\nc')],
  ['setHeader with a blank in the name', (response) => response.setHeader('x a', 'b')],
  ['setHeader without a value', (response) => response.setHeader('x-a', undefined as never)],
  ['setHeader without a name', (response) => response.setHeader('', 'b')],
  ['setHeader beyond Latin-1', (response) => response.setHeader('x-a', '€')],
  ['writeHead with LF', (response) => response.writeHead(200, { 'x-a': 'b\nc' })],
  ['writeHead with a bad name', (response) => response.writeHead(200, { 'x a': 'b' })],
  ['writeHead with a value of undefined', (response) => response.writeHead(200, { 'x-a': undefined as never })],
  ['writeHead with a status of 99', (response) => response.writeHead(99)],
  ['writeHead with a status of 1000', (response) => response.writeHead(1000)],
  ['writeHead with a status of text', (response) => response.writeHead('abc' as never)],
  ['writeHead with an odd list', (response) => response.writeHead(200, ['x-a'])],
  [
    'statusMessage with LF',
    (response) => {
      response.statusMessage = 'a\nb';
      return response.writeHead(200);
    },
  ],
  ['write of a number', (response) => response.write(5 as never)],
  ['write of null', (response) => response.write(null as never)],
  ['end of an object', (response) => response.end({} as never)],
  ['addTrailers with LF', (response) => response.addTrailers({ 'x-t': 'a\nb' })],
  ['getHeader without a name', (response) => response.getHeader(undefined as never)],
  ['writeEarlyHints with a bad link', (response) => response.writeEarlyHints({ link: 'nonsense' })],
];

for (const [what, write] of BAD) {
  behaviour(
    `refused: ${what}`,
    (_request, response, log) => {
      attempt(log, () => write(response, log));
      if (!response.writableEnded) {
        if (response.headersSent) response.destroy();
        else {
          response.statusMessage = undefined as never;
          response.end('after');
        }
      }
    },
    what.includes('end of an object') ? {} : {},
  );
}

// --- bodies of responses
const ANSWERS: readonly (readonly [what: string, write: Write])[] = [
  ['end with text', (response) => response.end('héllo')],
  ['end with bytes', (response) => response.end(Buffer.from([1, 2, 3]))],
  ['end with a Uint8Array', (response) => response.end(new Uint8Array([65, 66]))],
  ['end with an encoding', (response) => response.end('aGk=', 'base64')],
  ['end in Latin-1', (response) => response.end('é', 'latin1')],
  ['end in hex', (response) => response.end('616263', 'hex')],
  ['end with nothing', (response) => response.end()],
  ['end with an empty text', (response) => response.end('')],
  ['end with a callback', (response, log) => response.end(() => log('called'))],
  ['end with text and a callback', (response, log) => response.end('x', () => log('called'))],
  ['end with text, encoding and a callback', (response, log) => response.end('eA==', 'base64', () => log('called'))],
  [
    'end twice',
    (response, log) => {
      response.end('a');
      attempt(log, () => response.end());
    },
  ],
  [
    'end twice with a callback',
    (response, log) => {
      response.end('a');
      response.end((error?: NodeJS.ErrnoException) => log('second', error?.code));
    },
  ],
  [
    'end twice with a body',
    (response, log) => {
      response.on('error', (error: NodeJS.ErrnoException) => log('error', error.code));
      response.end('a');
      response.end('b');
    },
  ],
  [
    'write and end',
    (response) => {
      response.write('a');
      response.end('b');
    },
  ],
  [
    'writes of several kinds',
    (response) => {
      response.write('a');
      response.write(Buffer.from('b'));
      response.write('Yw==', 'base64');
      response.write(new Uint8Array([100]));
      response.end();
    },
  ],
  [
    'write of an empty text',
    (response, log) => {
      log(response.write(''));
      response.end('x');
    },
  ],
  [
    'write with a callback',
    (response, log) => {
      response.write('a', () => log('written'));
      response.end('b');
    },
  ],
  [
    'write with encoding and a callback',
    (response, log) => {
      response.write('6162', 'hex', () => log('written'));
      response.end();
    },
  ],
  [
    'write behind end',
    (response, log) => {
      response.on('error', (error: NodeJS.ErrnoException) => log('error', error.code));
      response.end('a');
      log(response.write('b', (error) => log('callback', (error as NodeJS.ErrnoException | undefined)?.code)));
    },
  ],
  [
    'writes over several turns',
    async (response) => {
      for (const part of ['a', 'b', 'c']) {
        response.write(part);
        await later();
      }
      response.end('d');
    },
  ],
  ['a large body', (response) => response.end(Buffer.alloc(1_000_000, 'z'))],
  ['a large text', (response) => response.end('ä'.repeat(300_000))],
  [
    'a large body in writes until drain',
    async (response, log) => {
      let drains = 0;
      for (let at = 0; at < 40; at++)
        if (!response.write(Buffer.alloc(65_536, at))) {
          drains++;
          await new Promise((resolve) => response.once('drain', resolve));
        }
      log(drains > 0);
      response.end();
    },
  ],
  [
    'corked',
    async (response, log) => {
      response.cork();
      response.write('a');
      response.write('b');
      log(response.writableCorked);
      response.uncork();
      log(response.writableCorked);
      response.end('c');
    },
  ],
  [
    'own Content-Length and writes',
    (response) => {
      response.setHeader('content-length', '2');
      response.write('a');
      response.end('b');
    },
  ],
  [
    'strictContentLength kept',
    (response) => {
      response.strictContentLength = true;
      response.setHeader('content-length', 2);
      response.end('ab');
    },
  ],
  [
    'strictContentLength broken',
    (response, log) => {
      response.strictContentLength = true;
      response.setHeader('content-length', 3);
      attempt(log, () => response.write('four'));
      response.destroy();
    },
  ],
  [
    'from a stream',
    (response) => {
      Readable.from(['a', 'b', 'c']).pipe(response);
    },
  ],
  [
    'from a stream by pipeline',
    (response, log) => {
      pipeline(Readable.from([Buffer.alloc(100_000), Buffer.alloc(100_000)]), response, (error) => log('pipeline', error?.code));
    },
  ],
  [
    'finished()',
    async (response, log) => {
      response.end('x');
      await finished(response);
      log(response.writableFinished);
    },
  ],
  [
    'state behind end',
    (response, log) => {
      response.end('x');
      log(response.writableEnded, response.finished, response.headersSent);
      response.on('finish', () => log(response.writableFinished, response.socket));
      response.on('close', () => log(response.closed, response.destroyed));
    },
  ],
  [
    'trailers',
    (response) => {
      response.setHeader('trailer', 'x-sum');
      response.write('a');
      response.addTrailers({ 'x-sum': '1' });
      response.end();
    },
  ],
  [
    'trailers as a list',
    (response) => {
      response.setHeader('trailer', 'x-sum');
      response.write('a');
      response.addTrailers([
        ['x-sum', '1'],
        ['x-sum', '2'],
      ] as never);
      response.end('b');
    },
  ],
  [
    'trailers with a Content-Length',
    (response, log) => {
      attempt(log, () => response.writeHead(200, { trailer: 'x', 'content-length': '1' }));
      response.destroy();
    },
  ],
  [
    'early hints',
    (response) => {
      response.writeEarlyHints({ link: ['</a.css>; rel=preload; as=style', '</b.js>; rel=preload'], 'x-a': 'b' }, () => {});
      response.end('x');
    },
  ],
  [
    'processing',
    (response) => {
      response.writeProcessing();
      response.end('x');
    },
  ],
  [
    'server-sent events',
    async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
      for (let at = 0; at < 3; at++) {
        response.write(`data: ${at}\n\n`);
        await later();
      }
      response.end();
    },
  ],
  [
    '204',
    (response) => {
      response.statusCode = 204;
      response.end();
    },
  ],
  [
    '204 with a body',
    (response) => {
      response.statusCode = 204;
      response.end('ignored');
    },
  ],
  [
    '304',
    (response) => {
      response.writeHead(304, { etag: '"a"' });
      response.end();
    },
  ],
  [
    '304 with a Content-Length',
    (response) => {
      response.writeHead(304, { 'content-length': '10' });
      response.end();
    },
  ],
  [
    'pipe from a response',
    (response, log) => {
      response.on('error', (error: NodeJS.ErrnoException) => log('error', error.code));
      (response as unknown as Readable).pipe(response);
      response.end();
    },
  ],
];

for (const [what, write] of ANSWERS) {
  behaviour(
    `answer: ${what}`,
    (_request, response, log) => write(response, log),
    /broken|with a Content-Length$/.test(what) && !what.startsWith('304') ? { breaks: true } : {},
  );
}
for (const what of ['end with text', 'write and end', 'own Content-Length and writes', 'a large body', 'early hints']) {
  const [, write] = ANSWERS.find(([name]) => name === what) as (typeof ANSWERS)[0];
  behaviour(`HEAD: ${what}`, (_request, response, log) => write(response, log), { request: { method: 'HEAD' } });
}

// --- expectations
behaviour(
  'expect: 100-continue',
  (request, response, log) => {
    log(request.headers.expect);
    request.resume().on('end', () => response.end('went on'));
  },
  { request: { method: 'POST', headers: { 'x-expect': '1' }, body: 'hello' } },
);
behaviour('response.setTimeout', (_request, response, log) => {
  response.setTimeout(20, () => {
    log('timeout');
    response.end('late');
  });
});
behaviour('request.setTimeout', (request, response, log) => {
  request.setTimeout(20, () => {
    log('timeout');
    response.end('late');
  });
});

// --- broken off
const BROKEN: readonly (readonly [what: string, handle: Behaviour['handle']])[] = [
  ['response.destroy', (_request, response) => response.destroy()],
  [
    'response.destroy with an error',
    (_request, response) => {
      response.on('error', () => {});
      response.destroy(new Error('no'));
    },
  ],
  ['request.destroy', (request) => request.destroy()],
  [
    'request.destroy with an error',
    (request) => {
      request.on('error', () => {});
      request.destroy(new Error('no'));
    },
  ],
  ['request.socket.destroy', (request) => request.socket.destroy()],
  ['response.socket.destroy', (_request, response) => response.socket?.destroy()],
  [
    'destroy behind writeHead',
    (_request, response) => {
      response.writeHead(200);
      response.destroy();
    },
  ],
  [
    'destroy within the body',
    async (_request, response) => {
      response.write('part');
      await later();
      await later();
      response.destroy();
    },
  ],
];
for (const [what, handle] of BROKEN) {
  behaviour(
    `broken off: ${what}`,
    (request, response, log) => {
      follow(response, 'response', ['finish', 'close'], log);
      follow(request, 'request', ['close', 'aborted'], log);
      return handle(request, response, log);
    },
    { breaks: true },
  );
  behaviour(
    `broken off with a body: ${what}`,
    (request, response, log) => {
      follow(response, 'response', ['finish', 'close'], log);
      return handle(request, response, log);
    },
    { breaks: true, ...post('hello') },
  );
}

behaviour(
  'the client goes away before the answer',
  (request, response, log) => {
    follow(request, 'request', ['close', 'aborted', 'error'], log);
    follow(response, 'response', ['close', 'finish'], log);
    request.resume();
  },
  { breaks: true, act: (heard) => setTimeout(() => heard.controller?.abort(new Error('bye')), 30) },
);
behaviour(
  'the client goes away within the answer',
  (request, response, log) => {
    follow(request, 'request', ['close'], log);
    follow(response, 'response', ['close', 'finish'], log);
    response.write('part');
  },
  { breaks: true, act: (heard) => setTimeout(() => heard.controller?.abort(new Error('bye')), 30) },
);
behaviour(
  'the client goes away within its body',
  (request, response, log) => {
    follow(request, 'request', ['close', 'aborted', 'error', 'end'], log);
    follow(response, 'response', ['close', 'finish'], log);
    request.on('data', () => {});
  },
  {
    breaks: true,
    request: () => {
      return {
        method: 'POST',
        body: new Readable({
          read() {
            if (this.readableLength === 0 && !this.readableDidRead) this.push('part');
          },
        }),
      };
    },
    act: (heard) => setTimeout(() => heard.controller?.abort(new Error('bye')), 30),
  },
);
behaviour(
  'write to a client that has gone',
  (_request, response, log) => {
    response.on('error', (error: NodeJS.ErrnoException) => log('error', error.code));
    response.on('close', () => {
      log(response.destroyed, response.writableEnded, response.write('x'));
    });
  },
  { breaks: true, act: (heard) => setTimeout(() => heard.controller?.abort(new Error('bye')), 30) },
);

export const BEHAVIOURS: readonly Behaviour[] = behaviours;
