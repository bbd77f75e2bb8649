import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { connectBackends } from '../src/productpage/backends.ts';
import { productpage } from '../src/productpage/productpage.ts';
import { signedSessions } from '../src/productpage/session.ts';
import { plainRuntime } from '../src/runtime/plain-runtime.ts';
import { servers } from './helpers/serve.ts';

const STAR = 'glyphicon glyphicon-star';
const json =
  (body: unknown, status = 200): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

const details = json({
  id: 0,
  publisher: 'PublisherA',
  pages: 200,
  type: 'paperback',
  language: 'English',
  'ISBN-10': '1234567890',
});
const ratings = json({ id: 0, ratings: { Reviewer1: 5, Reviewer2: 4 } });
const reviewsWith = (first: object | undefined, clustername = 'null'): RequestListener =>
  json({
    id: '0',
    podname: 'reviews-v2-1',
    clustername,
    reviews: [{ reviewer: 'Reviewer1', text: 'So <funny>', ...(first && { rating: first }) }],
  });

describe('productpage', () => {
  const { serve, closeAll } = servers();
  afterEach(closeAll);

  interface Parts {
    readonly details?: RequestListener;
    readonly reviews?: RequestListener;
    readonly floodFactor?: number;
  }

  async function start({ floodFactor = 0, ...given }: Parts = {}): Promise<string> {
    const runtime = plainRuntime();
    const environment: Record<string, string> = {};
    for (const [name, listener] of Object.entries({ details, ratings, reviews: reviewsWith(undefined), ...given })) {
      const { hostname, port } = new URL(await serve(runtime.http(listener)));
      environment[`${name.toUpperCase()}_HOSTNAME`] = hostname;
      environment[`${name.toUpperCase()}_SERVICE_PORT`] = port;
    }
    return serve(
      runtime.express(
        productpage({ backends: connectBackends(fetch, environment), sessions: signedSessions('secret'), floodFactor }),
      ),
    );
  }

  const pageOf = async (address: string, headers = {}): Promise<string> =>
    (await fetch(`${address}/productpage`, { headers })).text();

  async function login(address: string, username: string): Promise<string> {
    const response = await fetch(`${address}/login`, {
      method: 'POST',
      body: new URLSearchParams({ username, passwd: 'anything' }),
      headers: { referer: `${address}/productpage` },
      redirect: 'manual',
    });
    assert.equal(response.status, 302);
    assert.equal(response.headers.get('location'), `${address}/productpage`);
    const cookie = response.headers.get('set-cookie') as string;
    assert.match(cookie, /^session=[\w.-]+; HttpOnly; Path=\/$/);
    return cookie.split(';')[0] as string;
  }

  it('shows the book, its details and its reviews, escaped', async () => {
    const page = await pageOf(await start());
    for (const text of [
      '<title>Simple Bookstore App</title>',
      'BookInfo Sample',
      'Sign in',
      '<h1>The Comedy of Errors</h1>',
      'Wikipedia Summary</a>',
    ]) {
      assert.ok(page.includes(text), text);
    }
    for (const text of [
      'Book Details',
      'ISBN-10',
      '1234567890',
      'Publisher',
      'PublisherA',
      'Pages',
      '200',
      'Type',
      'paperback',
      'Language',
      'English',
    ]) {
      assert.ok(page.includes(text), text);
    }
    assert.match(page, /Book Reviews[^]*So &#60;funny&#62;[^]*Reviewer1[^]*Reviews served by: <code>reviews-v2-1<\/code><\/p>/);
    assert.ok(!page.includes(STAR));
  });

  it('fills as many stars as the rating says, in its colour', async () => {
    const page = await pageOf(await start({ reviews: reviewsWith({ stars: 4, color: 'red' }, 'north') }));
    assert.match(page, /<div class="flex gap-x-1 text-red-500"/);
    assert.equal(page.split(`<svg id="${STAR}"`).length - 1, 4);
    assert.equal(page.split('<svg class="star outline"').length - 1, 1);
    assert.match(page, /served by: <code>reviews-v2-1<\/code> on cluster <code>north<\/code>/);
  });

  it('says where a rating is missing', async () => {
    const page = await pageOf(await start({ reviews: reviewsWith({ error: 'Ratings service is currently unavailable' }) }));
    assert.ok(page.includes('<p class="text-red-500">Ratings service is currently unavailable</p>'));
  });

  it('stays up when details or reviews are down, asking reviews twice', async () => {
    let asked = 0;
    const down: RequestListener = (_request, response) => {
      asked++;
      response.writeHead(503).end();
    };
    const address = await start({ details: json({}, 500), reviews: down });
    const response = await fetch(`${address}/productpage`);
    assert.equal(response.status, 200);
    const page = await response.text();
    for (const text of [
      'Error fetching product details',
      'Sorry, product details are currently unavailable for this book.',
      'Error fetching product reviews',
      'Sorry, product reviews are currently unavailable for this book.',
    ]) {
      assert.ok(page.includes(text), text);
    }
    assert.equal(asked, 2);
  });

  it('is content with a good second answer', async () => {
    let asked = 0;
    const flaky: RequestListener = (request, response) =>
      ++asked === 1 ? void request.socket.destroy() : reviewsWith({ stars: 5, color: 'black' })(request, response);
    assert.ok((await pageOf(await start({ reviews: flaky }))).includes(STAR));
  });

  it('gives each backend three seconds', async () => {
    const limits: number[] = [];
    const original = AbortSignal.timeout;
    AbortSignal.timeout = (timeoutMs) => {
      limits.push(timeoutMs);
      return AbortSignal.abort();
    };
    try {
      const backends = connectBackends(fetch, {});
      assert.equal((await backends.reviews('0', {})).status, 500);
      await backends.details('0', {});
    } finally {
      AbortSignal.timeout = original;
    }
    assert.deepEqual(limits, [3_000, 3_000, 3_000]);
  });

  it('knows who signed in, and tells the backends so', async () => {
    const users: unknown[] = [];
    const listening: RequestListener = (request, response) => {
      users.push(request.headers['end-user']);
      reviewsWith(undefined)(request, response);
    };
    const address = await start({ reviews: listening });
    const cookie = await login(address, 'jason');
    const page = await pageOf(address, { cookie });
    assert.ok(page.includes('jason') && page.includes('Sign out'));
    await pageOf(address, { 'end-user': 'jason' });
    await pageOf(address, { cookie: `${cookie.slice(0, -2)}xx` });
    assert.deepEqual(users, ['jason', undefined, undefined]);
  });

  it('signs out, forgetting the cookie', async () => {
    const response = await fetch(`${await start()}/logout`, { redirect: 'manual', headers: { referer: 'http://there/' } });
    assert.deepEqual([response.status, response.headers.get('location')], [302, 'http://there/']);
    assert.match(response.headers.get('set-cookie') as string, /^session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0/);
  });

  it('sends who came from nowhere to None, and takes logins by POST only', async () => {
    const address = await start();
    const posted = await fetch(`${address}/login`, {
      method: 'POST',
      body: new URLSearchParams({ username: 'a' }),
      redirect: 'manual',
    });
    assert.equal(posted.headers.get('location'), 'None');
    const got = await fetch(`${address}/login`);
    assert.deepEqual([got.status, got.headers.get('allow')], [405, 'OPTIONS, POST']);
  });

  it("has an API with the backends' words and status", async () => {
    const address = await start({ reviews: json({}, 502) });
    const [product] = (await (await fetch(`${address}/api/v1/products`)).json()) as {
      id: number;
      title: string;
      descriptionHtml: string;
    }[];
    assert.deepEqual([product?.id, product?.title], [0, 'The Comedy of Errors']);
    assert.match(
      product?.descriptionHtml as string,
      /^<a href="https:\/\/en\.wikipedia\.org\/wiki\/The_Comedy_of_Errors">Wikipedia Summary<\/a>: .* word play\.$/,
    );
    assert.equal(((await (await fetch(`${address}/api/v1/products/0`)).json()) as { pages: number }).pages, 200);
    assert.deepEqual(await (await fetch(`${address}/api/v1/products/0/ratings`)).json(), {
      id: 0,
      ratings: { Reviewer1: 5, Reviewer2: 4 },
    });
    const failed = await fetch(`${address}/api/v1/products/0/reviews`);
    assert.deepEqual(
      [failed.status, await failed.json()],
      [502, { error: 'Sorry, product reviews are currently unavailable for this book.' }],
    );
  });

  it('counts what its backends answered, lists its services, is healthy', async () => {
    const address = await start({ details: json({}, 503) });
    await pageOf(address);
    const metrics = await (await fetch(`${address}/metrics`)).text();
    assert.match(metrics, /^request_result_total\{destination_app="details",response_code="503"\} 1$/m);
    assert.match(metrics, /^request_result_total\{destination_app="reviews",response_code="200"\} 1$/m);
    const home = await (await fetch(address)).text();
    assert.ok(home.includes('productpage?u=normal') && home.includes('productpage?u=test'));
    assert.equal(await (await fetch(`${address}/health`)).text(), 'Product page is healthy');
    assert.match((await fetch(`${address}/static/bookinfo.css`)).headers.get('content-type') as string, /^text\/css/);
  });

  it('floods reviews when told to', async () => {
    let asked = 0;
    let flooded = (): void => {};
    const eighth = new Promise<void>((resolve) => {
      flooded = resolve;
    });
    const counting: RequestListener = (request, response) => {
      if (++asked === 8) flooded();
      reviewsWith(undefined)(request, response);
    };
    await pageOf(await start({ reviews: counting, floodFactor: 7 }));
    await eighth;
    assert.equal(asked, 8);
  });
});
