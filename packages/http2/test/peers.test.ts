import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http2 from 'node:http2';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '@lateen/core';
import { ClientSession, type DispatchController, type DispatchHandler, ServerSession } from '../src/index.ts';
import { Heard } from './support/client-under-test.ts';

const MIB = 1024 * 1024;

/** A body of `mebibytes`, every chunk different, and its digest. */
function large(mebibytes: number): { stream: Readable; digest: Promise<string> } {
  const hash = createHash('sha256');
  let made = 0;
  let tell!: (digest: string) => void;
  const digest = new Promise<string>((resolve) => {
    tell = resolve;
  });
  const stream = new Readable({
    highWaterMark: 262_144,
    read() {
      if (made === mebibytes * 16) {
        tell(hash.digest('hex'));
        this.push(null);
        return;
      }
      const chunk = Buffer.alloc(65_536, made++ & 0xff);
      chunk.writeUInt32BE(made, 1000);
      hash.update(chunk);
      this.push(chunk);
    },
  });
  return { stream, digest };
}

async function engineServer(
  onRequest: ConstructorParameters<typeof ServerSession>[1]['onRequest'],
  sessions: ServerSession[] = [],
) {
  const server = createServer((socket: Socket) => {
    socket.setNoDelay(true);
    sessions.push(new ServerSession(socket, { clock: systemClock, onRequest }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function engineClient(server: Server | http2.Http2Server): Promise<{ session: ClientSession; socket: Socket }> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  socket.setNoDelay(true);
  return { session: new ClientSession(socket, { clock: systemClock, authority: 'peer' }), socket };
}

/** Takes a body by digest. */
class Digest implements DispatchHandler {
  readonly hash = createHash('sha256');
  bytes = 0;
  readonly done: Promise<string>;
  #resolve!: (digest: string) => void;
  #reject!: (error: Error) => void;

  constructor() {
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  onResponseData(_controller: DispatchController, chunk: Buffer): void {
    this.bytes += chunk.length;
    this.hash.update(chunk);
  }

  onResponseEnd(): void {
    this.#resolve(this.hash.digest('hex'));
  }

  onResponseError(_controller: DispatchController, error: Error): void {
    this.#reject(error);
  }
}

describe('ClientSession and ServerSession with each other', () => {
  it('carry 100 MB down and up at once, byte for byte, in flat memory', async () => {
    const down = large(100);
    const server = await engineServer((request, response) => {
      if (request.url === '/down') return void down.stream.pipe(response);
      const hash = createHash('sha256');
      request.on('data', (chunk: Buffer) => hash.update(chunk));
      request.on('end', () => response.end(hash.digest('hex')));
    });
    const { session, socket } = await engineClient(server);
    const before = process.memoryUsage().rss;
    const up = large(100);
    const got = new Digest();
    const sent = new Heard();
    session.dispatch({ path: '/down', method: 'GET' }, got);
    session.dispatch({ path: '/up', method: 'POST', body: up.stream }, sent);
    assert.equal(await got.done, await down.digest);
    await sent.settled;
    assert.equal(sent.body, await up.digest);
    assert.equal(got.bytes, 100 * MIB);
    assert.ok(process.memoryUsage().rss - before < 200 * MIB);
    socket.destroy();
    server.close();
  });

  it('hold a writer back for a slow reader', async () => {
    let written = 0;
    const server = await engineServer((_request, response) => {
      const more = (): void => {
        for (let room = true; room && written < 30 * MIB; written += 65_536) room = response.write(Buffer.alloc(65_536));
        if (written < 30 * MIB) response.once('drain', more);
        else response.end();
      };
      more();
    });
    const { session, socket } = await engineClient(server);
    const heard = new Heard();
    session.dispatch({ path: '/', method: 'GET' }, heard);
    while (heard.heads.length === 0) await sleep(1);
    heard.controller?.pause();
    await sleep(50);
    const held = written;
    await sleep(50);
    // Windows and socket buffers of both sides, and not the body.
    assert.ok(held < 10 * MIB, `${held}`);
    assert.ok(written - held < MIB);
    heard.controller?.resume();
    await heard.settled;
    assert.equal(
      heard.chunks.reduce((sum, { length }) => sum + length, 0),
      30 * MIB,
    );
    socket.destroy();
    server.close();
  });

  it('hold a sender back for an application that does not read', async () => {
    let sent = 0;
    let release!: () => void;
    const server = await engineServer((request, response) => {
      release = () => request.resume().on('end', () => response.end());
    });
    const { session, socket } = await engineClient(server);
    const heard = new Heard();
    const body = new Readable({
      read() {
        if (sent >= 30 * MIB) this.push(null);
        else this.push(Buffer.alloc(65_536));
        sent += 65_536;
      },
    });
    session.dispatch({ path: '/', method: 'POST', body }, heard);
    await sleep(100);
    assert.ok(sent < 2 * MIB, `${sent}`);
    release();
    await heard.settled;
    assert.equal(heard.told.at(-1), 'end');
    socket.destroy();
    server.close();
  });

  it('serve 10 000 requests over a limit of 100 streams, and lose none', async () => {
    let most = 0;
    let now = 0;
    const sessions: ServerSession[] = [];
    const server = createServer((socket) => {
      const onRequest: ConstructorParameters<typeof ServerSession>[1]['onRequest'] = (request, response) => {
        most = Math.max(most, ++now);
        setImmediate(() => {
          now--;
          response.end(request.url);
        });
      };
      sessions.push(new ServerSession(socket, { clock: systemClock, limits: { maxConcurrentStreams: 100 }, onRequest }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { session, socket } = await engineClient(server);
    const all = Array.from({ length: 10_000 }, (_, at) => {
      const heard = new Heard();
      session.dispatch({ path: `/${at}`, method: 'GET' }, heard);
      return heard;
    });
    await Promise.all(all.map(({ settled }) => settled));
    assert.ok(all.every(({ body, error }, at) => error === undefined && body === `/${at}`));
    assert.ok(most <= 100, `${most}`);
    socket.destroy();
    server.close();
  });

  it('survive requests that are given up at random times', async () => {
    const sessions: ServerSession[] = [];
    const server = await engineServer((request, response) => {
      request.on('error', () => {});
      request.resume();
      response.write(Buffer.alloc(40_000));
      setTimeout(() => response.end(Buffer.alloc(40_000)), Number(request.url?.slice(1)) % 7);
    }, sessions);
    const { session, socket } = await engineClient(server);
    const all = Array.from({ length: 400 }, (_, at) => {
      const heard = new Heard();
      session.dispatch({ path: `/${at}`, method: 'POST', body: Buffer.alloc(at * 100) }, heard);
      if (at % 3 !== 0) setTimeout(() => heard.controller?.abort(new Error('given up')), (at * 7) % 13);
      return heard;
    });
    await Promise.all(all.map(({ settled }) => settled));
    assert.ok(all.every(({ told }) => told.at(-1) === 'end' || told.at(-1) === 'error'));
    assert.ok(
      all
        .filter((_, at) => at % 3 === 0)
        .every(({ told, chunks }) => told.at(-1) === 'end' && Buffer.concat(chunks).length === 80_000),
    );
    const last = new Heard();
    session.dispatch({ path: '/0', method: 'GET' }, last);
    await last.settled;
    assert.equal(last.told.at(-1), 'end');
    await sleep(20);
    assert.deepEqual([session.streams.size, sessions[0]?.streams.size, sessions[0]?.incoming.buffered], [0, 0, 0]);
    socket.destroy();
    server.close();
  });

  it('drain: requests in flight end well, later ones are handed back', async () => {
    const sessions: ServerSession[] = [];
    const server = await engineServer((_request, response) => void setTimeout(() => response.end('done'), 30), sessions);
    const { session } = await engineClient(server);
    const before = new Heard();
    session.dispatch({ path: '/', method: 'POST', body: 'x' }, before);
    while (!sessions[0]?.streams.size) await sleep(1);
    const drained = sessions[0].drain();
    await before.settled;
    await drained;
    assert.equal(before.body, 'done');
    const after = new Heard();
    session.dispatch({ path: '/', method: 'POST', body: 'x' }, after);
    await after.settled;
    assert.equal(after.error?.processed, 'no');
    server.close();
  });

  it('send the urgent before the rest (RFC 9218)', async () => {
    const order: string[] = [];
    const server = await engineServer((_request, response) => {
      response.end(Buffer.alloc(400_000));
    });
    const { session, socket } = await engineClient(server);
    const all = ['u=7', 'u=5', 'u=0'].map((priority) => {
      const heard = new Heard();
      session.dispatch({ path: '/', method: 'GET', headers: { priority } }, heard);
      void heard.settled.then(() => order.push(priority));
      return heard;
    });
    await Promise.all(all.map(({ settled }) => settled));
    await sleep(1);
    assert.deepEqual(order, ['u=0', 'u=5', 'u=7']);
    socket.destroy();
    server.close();
  });
});

describe("ServerSession with Node's own client", () => {
  it('carries 30 MB both ways at once, trailers, and an informational head', async () => {
    const server = await engineServer((request, response) => {
      response.writeEarlyHints({ link: '</a.css>; rel=preload' });
      response.setHeader('trailer', 'x-sum');
      request.pipe(response, { end: false });
      request.on('end', () => {
        response.addTrailers({ 'x-sum': 'right' });
        response.end();
      });
    });
    const client = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const { stream, digest } = large(30);
    const call = client.request({ ':method': 'POST', ':path': '/' });
    stream.pipe(call);
    const hash = createHash('sha256');
    const told: string[] = [];
    call.on('headers', (headers: http2.IncomingHttpHeaders) => told.push(String(headers[':status' as 'status'])));
    call.on('trailers', (trailers) => told.push(String(trailers['x-sum'])));
    call.on('data', (chunk: Buffer) => hash.update(chunk));
    await once(call, 'end');
    assert.equal(hash.digest('hex'), await digest);
    assert.deepEqual(told, ['103', 'right']);
    client.close();
    server.close();
  });

  it('answers PING and takes 500 requests at once', async () => {
    const server = await engineServer((request, response) => void response.end(request.url));
    const client = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await once(client, 'connect');
    await new Promise<void>((resolve, reject) => client.ping((error) => (error ? reject(error) : resolve())));
    const bodies = await Promise.all(
      Array.from({ length: 500 }, async (_, at) => {
        const call = client.request({ ':path': `/${at}`, 'x-common': 'same', 'x-own': String(at) });
        let text = '';
        for await (const chunk of call) text += chunk;
        return text;
      }),
    );
    assert.ok(bodies.every((body, at) => body === `/${at}`));
    client.close();
    server.close();
  });
});

describe("ClientSession with Node's own server", () => {
  it('carries 30 MB both ways at once, trailers, and an informational head', async () => {
    const server = http2.createServer();
    server.on('stream', (stream) => {
      stream.additionalHeaders({ ':status': 103, link: '</a.css>; rel=preload' });
      stream.respond({ ':status': 200 }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': 'right' }));
      stream.pipe(stream);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { session } = await engineClient(server);
    const { stream, digest } = large(30);
    const heard = new Heard();
    session.dispatch({ path: '/', method: 'POST', body: stream }, heard);
    await heard.settled;
    assert.equal(createHash('sha256').update(Buffer.concat(heard.chunks)).digest('hex'), await digest);
    assert.deepEqual([heard.told, { ...heard.trailers }], [['start', '103', '200', 'data', 'end'], { 'x-sum': 'right' }]);
    await session.drain();
    server.close();
  });

  it('is understood field by field, over 2000 requests with tables that move', async () => {
    const server = http2.createServer({ settings: { headerTableSize: 300 } });
    server.on('stream', (stream, headers) => {
      stream.respond({
        ':status': 200,
        ...Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-'))),
      });
      stream.end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { session } = await engineClient(server);
    const all = Array.from({ length: 2000 }, (_, at) => {
      const headers = { 'x-same': 'value', 'x-few': `v${at % 5}`, 'x-id': `id-${at}`, [`x-${at % 40}`]: 'é'.repeat(at % 30) };
      const heard = new Heard();
      session.dispatch({ path: `/${at}`, method: 'GET', headers }, heard);
      return { headers, heard };
    });
    for (const { headers, heard } of all) {
      await heard.settled;
      const { date: _date, ...answered } = heard.heads[0]?.headers ?? {};
      assert.deepEqual(answered, headers);
    }
    await session.drain();
    server.close();
  });

  it('hears a refused stream as not processed', async () => {
    const server = http2.createServer();
    server.on('stream', (stream) => stream.on('error', () => {}).close(http2.constants.NGHTTP2_REFUSED_STREAM));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { session } = await engineClient(server);
    const heard = new Heard();
    session.dispatch({ path: '/', method: 'POST', body: 'x' }, heard);
    await heard.settled;
    assert.deepEqual([heard.error?.code, heard.error?.processed], ['HTTP2_REFUSED_STREAM', 'no']);
    await session.drain();
    server.close();
  });
});
