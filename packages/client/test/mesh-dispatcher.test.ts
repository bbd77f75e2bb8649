import assert from 'node:assert/strict';
import { PassThrough, Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import { Dispatcher, interceptors, request, stream } from 'undici';
import { failure, soon } from './support/failure.ts';
import { closeAll, get, reviews, rule, URL_OF } from './support/setup.ts';

describe('MeshDispatcher', () => {
  afterEach(closeAll);

  it('is an undici Dispatcher that interceptors can be composed around', async () => {
    const setup = await reviews(1);
    const { dispatcher } = setup.client;
    assert.ok(dispatcher instanceof Dispatcher);
    setup.backends[0]!.answer = (request_, response) => {
      if (request_.url === '/moved') response.writeHead(302, { location: '/there' });
      response.end(request_.url);
    };
    const composed = dispatcher.compose(interceptors.redirect({ maxRedirections: 1 }));
    const answer = await request(URL_OF('/moved'), { dispatcher: composed });
    assert.equal(await answer.body.text(), '/there');
  });

  it('serves stream and pipeline', async () => {
    const setup = await reviews(1);
    setup.backends[0]!.answer = (_request, response) => response.end(setup.backends[0]!.seen.at(-1)!.body.toUpperCase());
    const sink = new PassThrough();
    const { dispatcher } = setup.client;
    await stream(URL_OF(), { dispatcher, method: 'POST', body: 'abc' }, () => sink);
    assert.equal(await text(sink), 'ABC');
    const chunks: Buffer[] = [];
    const collect = new Writable({ write: (chunk, _encoding, done) => (chunks.push(chunk), done()) });
    const duplex = dispatcher.pipeline({ origin: 'http://reviews:9080', path: '/', method: 'POST' }, ({ body }) => body);
    await pipeline(Readable.from(['de', 'f']), duplex, collect);
    assert.equal(Buffer.concat(chunks).toString(), 'DEF');
  });

  it('passes informational answers and trailers', async () => {
    const setup = await reviews(1);
    setup.backends[0]!.answer = (_request, response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' });
      response.writeHead(200, { trailer: 'x-sum' });
      response.write('body');
      response.addTrailers({ 'x-sum': '4' });
      response.end();
    };
    const informed: number[] = [];
    const answer = await setup.client.request(URL_OF(), { onInfo: ({ statusCode }) => informed.push(statusCode) });
    assert.equal(await answer.body.text(), 'body');
    assert.deepEqual([informed, answer.trailers['x-sum']], [[103], '4']);
  });

  it('sends HEAD and takes 204 without waiting for a body', async () => {
    const setup = await reviews(1);
    setup.backends[0]!.answer = (_request, response) => {
      response.writeHead(204, { 'x-there': 'yes' });
      response.end();
    };
    assert.equal((await get(setup, '/', { method: 'HEAD' })).headers['x-there'], 'yes');
    assert.equal((await get(setup)).status, 204);
  });

  it('hands an upgraded connection over', async () => {
    const setup = await reviews(1);
    setup.backends[0]!.server.on('upgrade', (request_, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n');
      socket.pipe(socket);
      socket.write(request_.url as string);
    });
    const { socket } = await setup.client.dispatcher.upgrade({
      origin: 'http://reviews:9080',
      path: '/up',
      protocol: 'echo',
    } as never);
    const [first] = (await new Promise<Buffer[]>((resolve) => socket.once('data', (chunk) => resolve([chunk])))) as [Buffer];
    assert.equal(first.toString(), '/up');
    socket.destroy();
    assert.equal(setup.log[0]?.status, 101);
  });

  it('slows the upstream down when the application reads slowly', async () => {
    const setup = await reviews(1);
    let written = 0;
    setup.backends[0]!.answer = (_request, response) => {
      const more = (): void => {
        while (written < 64 * 1024 * 1024 && response.write(Buffer.alloc(64 * 1024))) written += 64 * 1024;
        if (written < 64 * 1024 * 1024) response.once('drain', more);
        else response.end();
      };
      more();
    };
    const answer = await setup.client.request(URL_OF());
    await soon(100);
    assert.ok(written < 32 * 1024 * 1024, `${written} bytes written with nobody reading`);
    answer.body.on('error', () => {}).destroy();
  });

  it('takes a query object as undici does', async () => {
    const setup = await reviews(1);
    await get(setup, '/q', { query: { a: 1, b: 'x y' } });
    assert.equal(setup.backends[0]!.seen[0]!.url, '/q?a=1&b=x%20y');
  });

  it('refuses requests after drain, and lets those in flight finish', async () => {
    const setup = await reviews(1);
    setup.backends[0]!.answer = (_request, response) => void setTimeout(() => response.end('late'), 50);
    const running = get(setup);
    const drained = setup.client.drain();
    assert.equal((await failure(get(setup))).code, 'LATEEN_CLOSED');
    assert.equal((await running).body, 'late');
    await drained;
    assert.equal(setup.client.inFlight, 0);
  });

  it('fails what is in flight with LATEEN_CLOSED when it is closed', async () => {
    const setup = await reviews(1, { yaml: rule('fault: { delay: { fixedDelay: 10s, percentage: { value: 50 } } }') });
    setup.backends[0]!.answer = () => {};
    const running = Array.from({ length: 8 }, () => failure(get(setup)));
    await soon(30);
    await setup.client.close();
    for (const { code } of await Promise.all(running)) assert.equal(code, 'LATEEN_CLOSED');
    assert.equal(setup.client.inFlight, 0);
  });

  it('rejects what is no URL in one sentence', async () => {
    const setup = await reviews(1);
    const handled = new Promise<Error>((resolve) =>
      setup.client.dispatcher.dispatch(
        { origin: 'ftp://reviews', path: '/', method: 'GET' },
        { onResponseError: (_controller, error) => resolve(error) },
      ),
    );
    assert.equal(((await handled) as { code?: string }).code, 'LATEEN_BAD_OPTION');
  });
});
